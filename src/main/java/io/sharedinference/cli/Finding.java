package io.sharedinference.cli;

import java.util.Optional;

/**
 * The result of one check of {@code doctor}.
 *
 * @param subject the object checked
 * @param fix     empty if it is ok
 */
record Finding(Level level, String subject, String detail, Optional<String> fix) {

    /** The severity. */
    enum Level {
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

    /** On one line, even if a tool printed several. A fix in the detail takes precedence: it is more specific. */
    @Override
    public String toString() {
        return (subject + ": " + detail.replaceFirst("[.\\s]+$", "")
                        + fix.filter(general -> !detail.contains("Fix: "))
                                .map(general -> ". Fix: " + general)
                                .orElse(""))
                .replaceAll("\\s+", " ");
    }
}
