package io.sharedinference.project;

import java.util.Optional;

/**
 * One thing that is wrong, said so that it can be put right.
 *
 * @param subject what is wrong: a configuration key, a file, a stack
 * @param value   what it is set to; empty where there is none or it is secret
 * @param rule    what is demanded, or what happened
 * @param remedy  what to do
 * @param unknown whether it is only that files don't show whether anything is wrong
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
        return subject + value.map(v -> " = \"" + v + "\"").orElse("") + "\n  " + rule + "\n  to do: " + remedy;
    }
}
