package io.sharedinference.proxy.limits;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The users of this replica. Those with requests stay; of the others, the ones seen last, so that what they have used of
 * a minute is remembered. Guarded by the lock of {@link RequestLimits}.
 */
final class Users {
    static final int MAX_USERS = 10_000;

    private final TenantAllowances tenant;
    /** The one seen last is the last. */
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
