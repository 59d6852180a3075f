package io.sharedinference.secrets;

import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Masks secrets in strings that leave the process: known ones, in every form in which a tool may print them, and strings
 * that look like one. The last stage before a text is printed, stored or sent. Immutable and thread-safe.
 */
public final class Redaction {

    /** Replaces each secret. */
    public static final String MASK = "***";

    private final List<String> needles;
    private final List<String> unescaped;

    private Redaction(List<String> needles, List<String> unescaped) {
        this.needles = needles;
        this.unescaped = unescaped;
    }

    /**
     * @param secrets in plain text; those of fewer than {@value EncodedForms#SHORTEST} characters are not masked, since they
     *                are common parts of words
     */
    public static Redaction of(Collection<String> secrets) {
        var forms = longestFirst(secrets.stream().flatMap(EncodedForms::of));
        return new Redaction(
                forms,
                longestFirst(forms.stream()
                        .map(part -> Unescaped.of(part).text().strip())
                        .filter(part -> part.length() >= EncodedForms.SHORTEST)));
    }

    /** A secret that contains another one is masked completely. */
    private static List<String> longestFirst(Stream<String> strings) {
        return strings.distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** Masks every known secret and every string that looks like one. Idempotent. */
    public String apply(String text) {
        var masked = text;
        for (var needle : needles) {
            masked = masked.replace(needle, MASK);
        }
        return Patterns.mask(escapesMasked(masked));
    }

    private String escapesMasked(String text) {
        if (unescaped.isEmpty()) {
            return text;
        }
        var view = Unescaped.of(text);
        var secret = new BitSet();
        for (var needle : unescaped) {
            for (int at = view.text().indexOf(needle); at >= 0; at = view.text().indexOf(needle, at + 1)) {
                secret.set(view.starts()[at], view.ends()[at + needle.length() - 1]);
            }
        }
        var masked = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int start = secret.nextSetBit(from);
            int end = start < 0 ? text.length() : start;
            masked.append(text, from, end);
            if (start >= 0) {
                masked.append(MASK);
                end = secret.nextClearBit(start);
            }
            from = end;
        }
        return masked.toString();
    }

    @Override
    public String toString() {
        return "Redaction[" + needles.size() + " forms]";
    }
}
