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

/** How often a decision was known, and how the IAM does. Thread-safe, without locks. */
final class AuthMetrics {
    private final PrometheusRegistry registry;
    private final CounterDataPoint hits;
    private final CounterDataPoint misses;
    private final CounterDataPoint joined;
    private final CounterDataPoint notAsked;
    private final Counter refreshes;
    private final Histogram iam;

    AuthMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        Counter lookups = Counter.builder().name("inference_proxy_auth_lookups_total")
                .help("Requests by where their decision came from: hit (known), miss (the IAM was asked), joined"
                        + " (waited for the call of another request), circuit_open (the IAM fails and wasn't asked)")
                .labelNames("result").withoutExemplars().register(registry);
        this.hits = lookups.labelValues("hit");
        this.misses = lookups.labelValues("miss");
        this.joined = lookups.labelValues("joined");
        this.notAsked = lookups.labelValues("circuit_open");
        this.refreshes = Counter.builder().name("inference_proxy_auth_refreshes_total")
                .help("Known decisions about which the IAM was asked again in the background, by its answer")
                .labelNames("decision").withoutExemplars().register(registry);
        this.iam = Histogram.builder().name("inference_proxy_iam_duration_seconds")
                .help("Calls of the IAM's check_user, by its answer: allowed, denied, unauthenticated, unavailable")
                .labelNames("decision").classicOnly().withoutExemplars().register(registry);
    }

    /** Shows how many decisions are remembered. */
    void entries(LongSupplier count) {
        GaugeWithCallback.builder().name("inference_proxy_auth_cache_entries")
                .help("Remembered decisions, those included whose time is over but that aren't swept out yet")
                .callback(callback -> callback.call(count.getAsLong())).register(registry);
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

    void notAsked() {
        notAsked.inc();
    }

    void refreshed(Decision decision) {
        refreshes.labelValues(label(decision)).inc();
    }

    void asked(Decision decision, long nanos) {
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
