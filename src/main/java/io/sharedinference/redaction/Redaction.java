package io.sharedinference.redaction;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Masks secrets in texts that leave the process: those that are known, in every form in which a tool may print them, and
 * whatever looks like one. The last stage before a text is printed, stored or sent. Immutable, and safe for threads.
 */
public final class Redaction {

    /** Stands where a secret stood. */
    public static final String MASK = "***";

    private final List<String> needles;

    private Redaction(List<String> needles) {
        this.needles = needles;
    }

    /**
     * @param secrets in plain; those of fewer than {@value Forms#SHORTEST} characters are too common as parts of other
     *                words to be masked
     */
    public static Redaction of(Collection<String> secrets) {
        return new Redaction(secrets.stream()
                .flatMap(Forms::of)
                .distinct()
                // the longest first: a secret that contains another one is masked whole
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    /** The same text with every known secret, and what looks like one, masked. Idempotent. */
    public String apply(String text) {
        var masked = text;
        for (var needle : needles) {
            masked = masked.replace(needle, MASK);
        }
        return Patterns.mask(masked);
    }

    @Override
    public String toString() {
        return "Redaction[" + needles.size() + " forms]";
    }
}
