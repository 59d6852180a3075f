package io.sharedinference.chart;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * The differences of one object.
 *
 * @param object its kind, namespace and name: {@code Deployment tenant1/pharia-iam}
 * @param diff   unified diff of its YAML, without a header
 */
public record ObjectDiff(Kind kind, String object, String diff) {

    public ObjectDiff {
        requireNonNull(kind);
        requireNonNull(object);
        requireNonNull(diff);
    }

    /** In the order of summaries. */
    public enum Kind {
        ADDED,
        CHANGED,
        REMOVED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
