package io.sharedinference.proxy;

import io.sharedinference.proxy.upstream.SecretState;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the proxy is ready for traffic. Thread-safe. */
final class Readiness {
    private final Supplier<SecretState> secret;
    private volatile boolean draining;

    Readiness(Supplier<SecretState> secret) {
        this.secret = secret;
    }

    void drain() {
        draining = true;
    }

    /**
     * Why the proxy is not ready; empty if it is. Independent of the IAM: a short outage would make all replicas of a tenant
     * unready at once.
     */
    Optional<String> missing() {
        if (draining) {
            return Optional.of("draining");
        }
        return switch (secret.get()) {
            case SecretState.Usable usable -> Optional.empty();
            case SecretState.Unusable(String reason) -> Optional.of("secret unusable: " + reason);
        };
    }
}
