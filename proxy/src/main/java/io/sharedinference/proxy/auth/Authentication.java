package io.sharedinference.proxy.auth;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Decides who may use the shared API. Thread-safe; never blocks the caller. */
public interface Authentication extends AutoCloseable {
    /**
     * Decides about one token. A decision that is known already comes as a completed future; others complete on any
     * thread. The future never fails: trouble is {@link Decision.IamUnavailable}.
     */
    CompletableFuture<Decision> decide(BearerToken token);

    @Override
    void close();

    /**
     * Asks the IAM's check_user, remembers what it said, and asks once for many that wait for the same token.
     *
     * @param generation counts the changes of the configuration: what was decided under another one is forgotten
     */
    static Authentication by(IamSettings settings, TrustedCertificates trust, LongSupplier generation,
            PrometheusRegistry registry) {
        return new CachedAuthentication(new IamClient(settings, trust), settings, new AuthMetrics(registry), generation,
                System::nanoTime);
    }
}
