package io.sharedinference.proxy.auth;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.auth.Decision.Allowed;
import io.sharedinference.proxy.auth.Decision.Denied;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import io.sharedinference.proxy.auth.Decision.Unauthenticated;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Metrics of the decision cache and of calls to the IAM. Thread-safe, without locks. */
final class AuthMetrics {
    private final PrometheusRegistry registry;
    private final CounterDataPoint hits;
    private final CounterDataPoint misses;
    private final CounterDataPoint joined;
    private final CounterDataPoint circuitOpen;
    private final Counter refreshes;
    private final Histogram iam;

    AuthMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        Counter lookups = counter(
                "inference_proxy_auth_lookups_total",
                "Cache lookups by result: hit, miss (the IAM was called), joined (waited for another request's"
                        + " call), circuit_open (not called because the circuit breaker is open)",
                "result");
        this.hits = lookups.labelValues("hit");
        this.misses = lookups.labelValues("miss");
        this.joined = lookups.labelValues("joined");
        this.circuitOpen = lookups.labelValues("circuit_open");
        this.refreshes = counter(
                "inference_proxy_auth_refreshes_total",
                "Cached decisions that were refreshed in the background, by the new decision",
                "decision");
        this.iam = Histogram.builder()
                .name("inference_proxy_iam_duration_seconds")
                .help("Duration of check_user calls by decision: allowed, denied, unauthenticated, unavailable")
                .labelNames("decision")
                .classicOnly()
                .withoutExemplars()
                .register(registry);
    }

    private Counter counter(String name, String help, String label) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .withoutExemplars()
                .register(registry);
    }

    /** Registers the gauge of cached decisions. */
    void entries(LongSupplier count) {
        GaugeWithCallback.builder()
                .name("inference_proxy_auth_cache_entries")
                .help("Cached decisions, including expired ones that are not evicted yet")
                .callback(callback -> callback.call(count.getAsLong()))
                .register(registry);
    }

    void hit() {
        hits.inc();
    }

    void miss() {
        misses.inc();
    }

    void joined() {
        joined.inc();
    }

    void circuitOpen() {
        circuitOpen.inc();
    }

    void refreshed(Decision decision) {
        refreshes.labelValues(label(decision)).inc();
    }

    void called(Decision decision, long nanos) {
        iam.labelValues(label(decision)).observe((double) nanos / TimeUnit.SECONDS.toNanos(1));
    }

    private static String label(Decision decision) {
        return switch (decision) {
            case Allowed allowed -> "allowed";
            case Denied denied -> "denied";
            case Unauthenticated unauthenticated -> "unauthenticated";
            case IamUnavailable unavailable -> "unavailable";
        };
    }
}
