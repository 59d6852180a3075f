package io.sharedinference.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Users who send requests one after the other until they are stopped. */
final class Load {

    private final List<Thread> users = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger responses = new AtomicInteger();
    private volatile boolean stopped;

    private Load() {}

    static Load of(TenantApi api, String token, int users) {
        var load = new Load();
        for (int i = 0; i < users; i++) {
            var user = new Thread(() -> load.sendRequests(api, token), "user " + i);
            load.users.add(user);
            user.start();
        }
        return load;
    }

    private void sendRequests(TenantApi api, String token) {
        while (!stopped) {
            try {
                var response = api.get("/model-settings", token);
                responses.incrementAndGet();
                if (response.statusCode() != 200) {
                    failures.add(response.statusCode() + " " + response.body());
                }
            } catch (RuntimeException e) {
                failures.add(e.toString());
            }
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (var user : users) {
            user.join();
        }
    }

    List<String> failures() {
        return failures;
    }

    int responses() {
        return responses.get();
    }
}
