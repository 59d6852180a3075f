package io.sharedinference.project;

import java.util.Optional;

/**
 * A problem and how to fix it.
 *
 * @param subject configuration key, file, stack or object that is invalid
 * @param value   its value; empty if it has none or it is secret
 * @param rule    the violated rule or the cause
 * @param remedy  command or edit that fixes it
 * @param unknown whether files alone cannot show that the subject is invalid
 */
public record Problem(String subject, Optional<String> value, String rule, String remedy, boolean unknown) {

    public Problem(String subject, Optional<String> value, String rule, String remedy) {
        this(subject, value, rule, remedy, false);
    }

    public Problem(String subject, String rule, String remedy) {
        this(subject, Optional.empty(), rule, remedy);
    }

    @Override
    public String toString() {
        var end = rule.endsWith("?") ? "" : ".";
        return subject + value.map(v -> " = \"" + v + "\"").orElse("") + ": " + rule + end + "\n  Fix: " + remedy;
    }
}
