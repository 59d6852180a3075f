package io.sharedinference.cli;

import java.util.Optional;

/**
 * What came of one look.
 *
 * @param subject what was looked at
 * @param fix     where something isn't as it should be
 */
record Finding(Level level, String subject, String detail, Optional<String> fix) {

    /** How bad it is. */
    public enum Level {
        OK,
        WARNING,
        PROBLEM
    }

    static Finding ok(String subject, String detail) {
        return new Finding(Level.OK, subject, detail, Optional.empty());
    }

    static Finding warning(String subject, String detail, String fix) {
        return new Finding(Level.WARNING, subject, detail, Optional.of(fix));
    }

    static Finding problem(String subject, String detail, String fix) {
        return new Finding(Level.PROBLEM, subject, detail, Optional.of(fix));
    }

    /** On one line, whatever a tool has printed. */
    @Override
    public String toString() {
        return (subject + ": " + detail.replaceFirst("[.\\s]+$", "")
                        + fix.filter(what -> !detail.contains("Fix: "))
                                .map(what -> ". Fix: " + what)
                                .orElse(""))
                .replaceAll("\\s+", " ");
    }
}
