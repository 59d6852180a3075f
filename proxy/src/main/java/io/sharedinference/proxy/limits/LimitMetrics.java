package io.sharedinference.proxy.limits;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Metrics of limits. Thread-safe. */
final class LimitMetrics {
    private static final double[] SECONDS = {.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120};

    private final Counter limited;
    private final Histogram queued;

    LimitMetrics(PrometheusRegistry registry, IntSupplier waiting) {
        this.limited = Counter.builder()
                .name("inference_proxy_limited_requests_total")
                .help("Requests rejected with 429, by the exceeded limit")
                .labelNames("limit")
                .withoutExemplars()
                .register(registry);
        // rates need the zero before the first one
        Limit.all().forEach(limit -> limited.initLabelValues(limit.label()));
        GaugeWithCallback.builder()
                .name("inference_proxy_queued_requests")
                .help("Requests that wait because of a limit on requests in flight")
                .callback(callback -> callback.call(waiting.getAsInt()))
                .register(registry);
        this.queued = Histogram.builder()
                .name("inference_proxy_queue_duration_seconds")
                .help("Time in the queue because of a limit on requests in flight, until the request was forwarded,"
                        + " rejected with 429 or cancelled by the client")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .register(registry);
    }

    void limited(ExceededLimit excess) {
        limited.labelValues(excess.limit()).inc();
    }

    void queued(long nanos) {
        queued.observe((double) nanos / TimeUnit.SECONDS.toNanos(1));
    }
}
