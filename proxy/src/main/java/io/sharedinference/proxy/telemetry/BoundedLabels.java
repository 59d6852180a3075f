package io.sharedinference.proxy.telemetry;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The first labels that come, as many as a metric can bear; clients choose their values. Thread-safe. */
final class BoundedLabels {
    static final String OTHER = "other";

    private final int most;
    private final Set<List<String>> known = ConcurrentHashMap.newKeySet();

    BoundedLabels(int most) {
        this.most = most;
    }

    /** For what must not take a place. */
    boolean known(String... labels) {
        return known.contains(List.of(labels));
    }

    /** Whether these labels have a place, or take one now. */
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
