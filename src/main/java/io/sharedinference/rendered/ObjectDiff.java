package io.sharedinference.rendered;

import java.util.Locale;

/**
 * How one object differs.
 *
 * @param object its kind, namespace where it has one, and name: {@code Deployment tenant1/pharia-iam}
 * @param diff   of its YAML, unified, without a header; lines begin with a blank, {@code +}, {@code -} or {@code @@}
 */
public record ObjectDiff(Kind kind, String object, String diff) {

    /** In the order in which summaries name them. */
    public enum Kind {
        ADDED,
        CHANGED,
        REMOVED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
