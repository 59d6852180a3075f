package io.sharedinference.proxy.telemetry;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The metrics of one event loop. Caches data points by labels, so that most requests need no lookup. Confined to its event
 * loop, except for the values of the gauges.
 */
public final class WorkerMetrics {
    private static final List<String> METHODS =
            List.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "_OTHER");
    private static final int STATUSES = 1_000;

    private final RequestMetrics shared;
    private final DistributionDataPoint[][] requests =
            new DistributionDataPoint[METHODS.size() * Route.values().length][];
    private final Map<Route, Map<String, ModelMetrics>> models = new EnumMap<>(Route.class);
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();

    public WorkerMetrics(RequestMetrics shared) {
        this.shared = shared;
    }

    void began() {
        add(active, 1);
    }

    void streamBegan() {
        add(streams, 1);
    }

    void streamEnded() {
        add(streams, -1);
    }

    /** Any thread. */
    public int active() {
        return active.get();
    }

    /** Any thread. */
    public int streams() {
        return streams.get();
    }

    void ended(String method, Route route, int status, long nanos) {
        add(active, -1);
        int known = METHODS.indexOf(method);
        int index = known < 0 ? METHODS.size() - 1 : known;
        int row = route.ordinal() * METHODS.size() + index;
        if (requests[row] == null) {
            requests[row] = new DistributionDataPoint[STATUSES];
        }
        if (requests[row][status] == null) {
            requests[row][status] = shared.requests(METHODS.get(index), route, status);
        }
        requests[row][status].observe(RequestMetrics.seconds(nanos));
    }

    void error(String code) {
        shared.error(code);
    }

    void uncounted(Uncounted reason) {
        shared.uncounted(reason);
    }

    void failedOperation(Route route, String model, int status, long nanos) {
        shared.failedOperation(route, model, status, nanos);
    }

    /** {@code served}: whether the request used tokens. */
    ModelMetrics model(Route route, String model, boolean served) {
        Map<String, ModelMetrics> known = models.computeIfAbsent(route, first -> new HashMap<>());
        return Optional.ofNullable(known.get(model))
                .orElseGet(() -> known.computeIfAbsent(
                        shared.modelLabel(route, model, served), label -> shared.model(route, label)));
    }

    void userTokens(String user, String model, String type, long count) {
        shared.userTokens(user, model, type, count);
    }

    /** Written by one thread only, so that no atomic update is needed. */
    private static void add(AtomicInteger count, int difference) {
        count.setRelease(count.getPlain() + difference);
    }
}
