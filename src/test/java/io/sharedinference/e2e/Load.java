package io.sharedinference.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Users who ask one question after the other until they are stopped. */
final class Load {

    private final List<Thread> users = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile boolean stopped;

    private Load() {}

    static Load of(TenantApi api, String token, int users) {
        var load = new Load();
        for (int i = 0; i < users; i++) {
            var user = new Thread(() -> load.ask(api, token), "user " + i);
            load.users.add(user);
            user.start();
        }
        return load;
    }

    private void ask(TenantApi api, String token) {
        while (!stopped) {
            try {
                var answer = api.get("/model-settings", token);
                answers.incrementAndGet();
                if (answer.statusCode() != 200) {
                    failures.add(answer.statusCode() + " " + answer.body());
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

    int answers() {
        return answers.get();
    }
}
