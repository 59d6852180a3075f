package io.sharedinference.project;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The name of a tenant that is to be added: of its stack, its namespace and its service users. Tenants that exist keep
 * theirs.
 */
public final class TenantName {

    private static final int LONGEST = 63 - "-999999".length(); // what a rotation puts behind it
    private static final Set<String> YAML = Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");
    private static final String HANDOVER = "handover-";

    private TenantName() {}

    /** @param problems gets what is wrong with the name */
    public static void check(String name, Problems problems) {
        rule(name)
                .ifPresent(rule -> problems.add(new Problem(
                        "tenant name",
                        Optional.of(name),
                        rule,
                        "choose another name, for instance " + suggestion(name))));
    }

    private static Optional<String> rule(String name) {
        if (!Rules.isLabel(name) || !Character.isLetter(name.charAt(0))) {
            return Optional.of(
                    "must begin with a lower-case letter, have lower-case letters, digits and '-', and end with a letter or digit");
        }
        if (name.length() > LONGEST) {
            return Optional.of("has " + name.length() + " characters; it must have at most " + LONGEST
                    + ", since a rotation names a service user like it with a number behind it");
        }
        if (YAML.contains(name)) {
            return Optional.of("must not be a word that YAML reads as a boolean or null");
        }
        if (name.startsWith(HANDOVER)) {
            return Optional.of("must not begin with " + HANDOVER + ": hand-over stacks are named so");
        }
        return Rules.isOfCluster(name)
                ? Optional.of("must not be the name of a namespace that belongs to the cluster")
                : Optional.empty();
    }

    private static String suggestion(String name) {
        var plain = name.toLowerCase(Locale.ROOT)
                .replaceFirst("^" + HANDOVER, "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+", "");
        var cut = ("tenant-" + plain).substring(0, Math.min(LONGEST, "tenant-".length() + plain.length()));
        return cut.replaceAll("-+$", "");
    }
}
