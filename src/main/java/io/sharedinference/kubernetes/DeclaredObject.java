package io.sharedinference.kubernetes;

/**
 * An object that a stack declares in its namespace.
 *
 * @param type   in Pulumi
 * @param name   in Pulumi
 * @param object its name in the cluster
 */
public record DeclaredObject(String type, String name, String apiVersion, String kind, String object) {

    /** Whether this is the resource of an URN, whatever its parents. */
    boolean isOf(String urn) {
        return urn.endsWith("$" + type + "::" + name);
    }
}
