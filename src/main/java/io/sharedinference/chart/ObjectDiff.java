package io.sharedinference.chart;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * How one object differs.
 *
 * @param object its kind, namespace where it has one, and name: {@code Deployment tenant1/pharia-iam}
 * @param diff   of its YAML, unified, without a header; lines begin with a blank, {@code +}, {@code -} or {@code @@}
 */
public record ObjectDiff(Kind kind, String object, String diff) {

    public ObjectDiff {
        requireNonNull(kind);
        requireNonNull(object);
        requireNonNull(diff);
    }

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
