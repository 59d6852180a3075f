package io.sharedinference.usage;

import java.time.temporal.ChronoUnit;
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
    private static final String USER_TOKENS = "inference_proxy_user_tokens_total";

    Usage read(boolean byUser) {
        var models = new Sums();
        models.add(TOKENS);
        models.add(REQUESTS);
        if (models.isEmpty()) {
            throw nothing();
        }
        var users = new Sums(Dimension.user);
        if (byUser) {
            users.add(USER_TOKENS);
        }
        return new Usage(period, models.entries(), users.entries());
    }

    private UsageException nothing() {
        return new UsageException("Prometheus at " + prometheus.url() + " has no requests of "
                + (tenants.isEmpty() ? "any tenant" : String.join(", ", tenants)) + " between " + period.from()
                + " and "
                + period.to().truncatedTo(ChronoUnit.SECONDS)
                + ".\nFix: check that it scrapes the proxies, with the label tenant (docs/monitoring.md), and that the"
                + " period is within its retention.");
    }

    /** Sums of series by names. */
    private final class Sums {

        private final List<Dimension> dimensions;
        private final Map<Map<Dimension, String>, Amount[]> amounts = new HashMap<>();

        Sums(Dimension... more) {
            dimensions = new ArrayList<>(List.of(Dimension.tenant, Dimension.model));
            dimensions.addAll(List.of(more));
        }

        boolean isEmpty() {
            return amounts.isEmpty();
        }

        void add(String metric) {
            Increases.of(prometheus, period, new Counters(metric, tenants))
                    .forEach((labels, increases) -> add(labels, increases, metric.equals(REQUESTS)));
        }

        private void add(Map<String, String> labels, long[] increases, boolean requests) {
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
