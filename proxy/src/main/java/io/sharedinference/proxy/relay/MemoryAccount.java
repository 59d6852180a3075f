package io.sharedinference.proxy.relay;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The memory that the connections of one event loop use. Over the limit, connections are freed: first those of the client
 * address that uses most memory, of these the largest, of these the oldest. Confined to its event loop.
 */
final class MemoryAccount {
    private final long limit;
    private final Set<TrackedConnection> connections = new LinkedHashSet<>();
    private long heldBytes;

    MemoryAccount(long limit) {
        this.limit = limit;
    }

    /** The memory of a connection changed from {@code before} to {@code now} bytes. */
    void changed(TrackedConnection connection, long before, long now) {
        heldBytes += now - before;
        if (before == 0) {
            connections.add(connection);
        } else if (now == 0) {
            connections.remove(connection);
        }
    }

    boolean full() {
        return heldBytes > limit;
    }

    /** Ends exchanges until a quarter of the limit is free, so that this runs rarely. */
    void shedMemory() {
        Map<InetAddress, Long> byAddress = new HashMap<>();
        connections.forEach(connection -> byAddress.merge(connection.address(), connection.heldBytes(), Long::sum));
        List<TrackedConnection> largestFirst = new ArrayList<>(connections);
        largestFirst.sort(Comparator.<TrackedConnection>comparingLong(connection -> byAddress.get(connection.address()))
                .thenComparingLong(TrackedConnection::heldBytes)
                .reversed());
        for (TrackedConnection connection : largestFirst) {
            if (heldBytes <= limit - limit / 4) {
                return;
            }
            connection.shedMemory();
        }
    }
}
