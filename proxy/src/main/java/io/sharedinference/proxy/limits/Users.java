package io.sharedinference.proxy.limits;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The users of this replica: those with requests, and the most recently seen others, so that their usage of the last
 * minute is known. Guarded by the lock of {@link RequestLimits}.
 */
final class Users {
    static final int MAX_USERS = 10_000;

    private final TenantAllowances tenant;
    /** Ordered by the last request, the most recent last. */
    private final Map<String, User> users = new LinkedHashMap<>(16, 0.75f, true);

    Users(TenantAllowances tenant) {
        this.tenant = tenant;
    }

    User named(String name, long now) {
        User user = users.computeIfAbsent(name, first -> new User(tenant, now));
        if (users.size() > MAX_USERS) {
            forgetOne(user);
        }
        return user;
    }

    private void forgetOne(User current) {
        Iterator<User> oldest = users.values().iterator();
        while (oldest.hasNext()) {
            User user = oldest.next();
            if (!user.active() && user != current) {
                oldest.remove();
                return;
            }
        }
    }
}
