package io.sharedinference.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Reads the metrics of the proxies. */
record UsageReader(Prometheus prometheus, Period period, Collection<String> tenants) {

    private static final String TOKENS = "gen_ai_client_token_usage_sum";
    private static final String REQUESTS = "gen_ai_server_request_duration_seconds_count";
    private static final Duration TOLERANCE = Duration.ofHours(1); // the period has just ended
    private static final String USER_TOKENS = "inference_proxy_user_tokens_total";

    Usage read(boolean byUser) {
        prometheus.retention().ifPresent(this::requireRetained);
        var processes = Processes.read(prometheus, period, tenants);
        var metrics = byUser ? List.of(TOKENS, REQUESTS, USER_TOKENS) : List.of(TOKENS, REQUESTS);
        var increases = Prometheus.all(
                metrics.size(),
                metric -> Increases.of(prometheus, period, new Counters(metrics.get(metric), tenants), processes));
        var models = new Sums();
        increases.get(0).forEach((labels, tokens) -> models.add(labels, tokens, false));
        increases.get(1).forEach((labels, requests) -> models.add(labels, requests, true));
        if (models.isEmpty()) {
            throw nothing();
        }
        var users = new Sums(Dimension.USER);
        increases.stream()
                .skip(2)
                .forEach(found -> found.forEach((labels, tokens) -> users.add(labels, tokens, false)));
        return new Usage(period, models.entries(), users.entries());
    }

    /** Otherwise the first remaining sample of an old counter would count as its start. */
    private void requireRetained(Duration retention) {
        var first = Instant.now().minus(retention).minus(TOLERANCE);
        if (period.from().isBefore(first)) {
            throw new UsageException("Prometheus at " + prometheus.url() + " keeps samples for "
                    + (retention.toDays() > 0 ? retention.toDays() + " days" : retention.toHours() + " hours")
                    + ", and the period begins before that, at " + period.from()
                    + ".\nFix: choose a later period, for example --since "
                    + (retention.toDays() > 0 ? retention.toDays() + "d" : retention.toHours() + "h")
                    + ", or raise --storage.tsdb.retention.time of Prometheus.");
        }
    }

    private UsageException nothing() {
        return new UsageException("Prometheus at " + prometheus.url() + " has no requests of "
                + (tenants.isEmpty() ? "any tenant" : String.join(", ", tenants)) + " between " + period.from()
                + " and "
                + period.to()
                + ".\nFix: check that it scrapes the proxies, with the label tenant: set monitoring to true in the tenants'"
                + " stacks, or see docs/monitoring.md.");
    }

    /** Sums of series by names. */
    private final class Sums {

        private final List<Dimension> dimensions;
        private final Map<Map<Dimension, String>, Amount[]> amounts = new HashMap<>();

        Sums(Dimension... more) {
            dimensions = new ArrayList<>(List.of(Dimension.TENANT, Dimension.MODEL));
            dimensions.addAll(List.of(more));
        }

        boolean isEmpty() {
            return amounts.isEmpty();
        }

        void add(Map<String, String> labels, long[] increases, boolean requests) {
            boolean output = labels.getOrDefault("gen_ai_token_type", "").equals("output");
            var sums = amounts.computeIfAbsent(names(labels), key -> {
                var zeros = new Amount[period.slices()];
                Arrays.fill(zeros, Amount.ZERO);
                return zeros;
            });
            IntStream.range(0, increases.length)
                    .forEach(slice -> sums[slice] = sums[slice].plus(
                            requests
                                    ? new Amount(0, 0, increases[slice])
                                    : output
                                            ? new Amount(0, increases[slice], 0)
                                            : new Amount(increases[slice], 0, 0)));
        }

        private Map<Dimension, String> names(Map<String, String> labels) {
            var names = new EnumMap<Dimension, String>(Dimension.class);
            dimensions.forEach(dimension -> names.put(dimension, labels.getOrDefault(dimension.label(), "")));
            return names;
        }

        List<Entry> entries() {
            return amounts.entrySet().stream()
                    .map(sums -> new Entry(sums.getKey(), List.of(sums.getValue())))
                    .filter(entry -> !entry.total().equals(Amount.ZERO))
                    .toList();
        }
    }
}
