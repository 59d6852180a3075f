package io.sharedinference.project;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Validation of a new tenant's name, which its stack, namespace and service users share. Existing tenants keep theirs.
 */
public final class TenantName {

    private static final int MAX_LENGTH = 63 - "-999999".length(); // appended by rotations
    private static final Set<String> YAML = Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");
    private static final String HANDOVER = "handover-";

    private TenantName() {}

    /** @param problems receives an invalid name */
    public static void check(String name, Problems problems) {
        rule(name)
                .ifPresent(rule -> problems.add(new Problem(
                        "tenant name",
                        Optional.of(name),
                        rule,
                        "choose another name, for example " + suggestion(name))));
    }

    private static Optional<String> rule(String name) {
        if (!Rules.isLabel(name) || !Character.isLetter(name.charAt(0))) {
            return Optional.of(
                    "must contain only lowercase letters, digits and '-', start with a letter, and end with a letter or digit");
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of("must be at most " + MAX_LENGTH + " characters, but has " + name.length()
                    + ": rotations append a number to it");
        }
        if (YAML.contains(name)) {
            return Optional.of("must not be a YAML boolean or null");
        }
        if (name.startsWith(HANDOVER)) {
            return Optional.of("must not start with " + HANDOVER + ", the prefix of hand-over stacks");
        }
        return Rules.isSystemNamespace(name)
                ? Optional.of("must not be the name of a system namespace")
                : Optional.empty();
    }

    private static String suggestion(String name) {
        var plain = name.toLowerCase(Locale.ROOT)
                .replaceFirst("^" + HANDOVER, "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+", "");
        var truncated = ("tenant-" + plain).substring(0, Math.min(MAX_LENGTH, "tenant-".length() + plain.length()));
        return truncated.replaceAll("-+$", "");
    }
}
