package io.sharedinference.proxy.telemetry;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Limits a metric to the first label values: clients choose them. Thread-safe. */
final class BoundedLabels {
    static final String OTHER = "other";

    private final int most;
    private final Set<List<String>> known = ConcurrentHashMap.newKeySet();

    BoundedLabels(int most) {
        this.most = most;
    }

    /** Whether these labels are known; does not add them. */
    boolean known(String... labels) {
        return known.contains(List.of(labels));
    }

    /** Whether these labels are known or can be added. */
    boolean admits(String... labels) {
        List<String> wanted = List.of(labels);
        if (known.contains(wanted)) {
            return true;
        }
        synchronized (known) {
            if (known.size() < most) {
                known.add(wanted);
            }
            return known.contains(wanted);
        }
    }
}
