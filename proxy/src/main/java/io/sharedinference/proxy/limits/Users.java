package io.sharedinference.proxy.limits;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The users of this replica. Those with requests stay; of the others, the ones seen last, so that what they have used of
 * a minute is remembered. Guarded by the lock of {@link RequestLimits}.
 */
final class Users {
    static final int MAX_IDLE = 10_000;

    private final TenantAllowances tenant;
    private final Map<String, User> active = new HashMap<>();
    private final Map<String, User> idle = new LinkedHashMap<>();

    Users(TenantAllowances tenant) {
        this.tenant = tenant;
    }

    /** To be given back with {@link #settle}. */
    User named(String name, long now) {
        return active.computeIfAbsent(name, first -> Optional.ofNullable(idle.remove(name))
                .orElseGet(() -> new User(name, tenant, now)));
    }

    /** Forgets the user that was idle for the longest time, if there are too many. */
    void settle(User user) {
        if (!user.active() && active.remove(user.name(), user)) {
            idle.put(user.name(), user);
            if (idle.size() > MAX_IDLE) {
                idle.remove(idle.keySet().iterator().next());
            }
        }
    }
}
