package io.sharedinference.proxy.relay;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The first values that come, as many as a metric can bear; clients choose these values. Thread-safe. */
final class BoundedLabels {
    static final String OTHER = "other";

    private final int most;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    BoundedLabels(int most) {
        this.most = most;
    }

    /** For what must not take a place: the value if it has one. */
    String known(String value) {
        return known.contains(value) ? value : OTHER;
    }

    String of(String value) {
        if (known.contains(value)) {
            return value;
        }
        synchronized (known) {
            if (known.size() < most) {
                known.add(value);
            }
            return known(value);
        }
    }
}
