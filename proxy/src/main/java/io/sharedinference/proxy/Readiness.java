package io.sharedinference.proxy;

import io.sharedinference.proxy.upstream.SecretState;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether traffic should come here. Thread-safe. */
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
     * What is missing, empty when the proxy is ready. The IAM has no say here: with it down in a blink, a tenant would
     * lose all its proxies at once.
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
