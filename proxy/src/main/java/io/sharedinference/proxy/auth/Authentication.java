package io.sharedinference.proxy.auth;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Decides who may use the shared API. Thread-safe; never blocks the caller. */
public interface Authentication extends AutoCloseable {
    /**
     * Decides about one token. A cached decision is a completed future; others complete on any thread. The future never
     * fails: errors are {@link Decision.IamUnavailable}.
     */
    CompletableFuture<Decision> decide(BearerToken token);

    @Override
    void close();

    /**
     * Calls the IAM's check_user, caches its decisions, and shares one call among requests with the same token.
     *
     * @param generation the version of the configuration; a change invalidates all cached decisions
     */
    static Authentication by(
            IamSettings settings, TrustedCertificates trust, LongSupplier generation, PrometheusRegistry registry) {
        return new CachedAuthentication(
                new IamClient(settings, trust), settings, new AuthMetrics(registry), generation, System::nanoTime);
    }
}
