package io.sharedinference.kubernetes;

/**
 * An object that a stack declares in its namespace.
 *
 * @param type   resource type in Pulumi
 * @param name   resource name in Pulumi
 * @param object name in the cluster
 */
public record DeclaredObject(String type, String name, String apiVersion, String kind, String object) {

    /** Whether the URN is this resource's, with any parents. */
    boolean matches(String urn) {
        return urn.endsWith("$" + type + "::" + name);
    }
}
