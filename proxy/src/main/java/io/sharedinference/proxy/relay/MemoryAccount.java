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
 * The bytes that the connections of one event loop hold, and who gives way when they are too many: connections of the
 * client address that holds most, of these the largest, of these the one that has held for longest. Loop only.
 */
final class MemoryAccount {
    private final long limit;
    private final Set<Holder> holders = new LinkedHashSet<>();
    private long held;

    MemoryAccount(long limit) {
        this.limit = limit;
    }

    /** A connection holds {@code now} bytes where it held {@code before}. */
    void changed(Holder connection, long before, long now) {
        held += now - before;
        if (before == 0) {
            holders.add(connection);
        } else if (now == 0) {
            holders.remove(connection);
        }
    }

    boolean full() {
        return held > limit;
    }

    /** Ends exchanges until a quarter of the limit is free, so that this is done seldom. */
    void shed() {
        Map<InetAddress, Long> byAddress = new HashMap<>();
        holders.forEach(holder -> byAddress.merge(holder.address(), holder.held(), Long::sum));
        List<Holder> largestFirst = new ArrayList<>(holders);
        largestFirst.sort(Comparator
                .<Holder>comparingLong(holder -> byAddress.get(holder.address()))
                .thenComparingLong(Holder::held).reversed());
        for (Holder holder : largestFirst) {
            if (held <= limit - limit / 4) {
                return;
            }
            holder.shed();
        }
    }
}
