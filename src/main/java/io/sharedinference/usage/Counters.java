package io.sharedinference.usage;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Selects a metric of proxies.
 *
 * @param tenants empty for all
 * @param pods    empty for all
 */
record Counters(String metric, Collection<String> tenants, Collection<String> pods) {

    static final String ALL = "%s";
    static final String LAST = "last_over_time(%s)";

    private static final Duration LOOKBACK = Duration.ofMinutes(5);
    private static final int PARTS_PER_QUERY = 50;

    Counters(String metric, Collection<String> tenants) {
        this(metric, tenants, List.of());
    }

    /** The instant selector. */
    String selector() {
        return metric + "{" + (tenants.isEmpty() ? "tenant!=\"\"" : "tenant=~" + anyOf(tenants))
                + (pods.isEmpty() ? "" : ",pod=~" + anyOf(pods)) + "}";
    }

    /** The range selector. */
    String over(Duration range) {
        return selector() + "[" + range.toSeconds() + "s]";
    }

    /**
     * The last samples before the period, within its lookback, and the last value in each slice, not one of an earlier
     * slice.
     */
    List<List<Series>> ends(Prometheus prometheus, Period period) {
        var range = over(LOOKBACK.compareTo(period.slice()) < 0 ? LOOKBACK : period.slice());
        return Prometheus.all(
                period.slices() + 1,
                index -> prometheus.query((index == 0 ? ALL : LAST).formatted(range), period.last(index - 1)));
    }

    /**
     * Queries pods.
     *
     * @param query with a placeholder for the range selector
     */
    List<Series> read(Prometheus prometheus, Collection<String> names, String query, Duration range, Instant at) {
        return read(
                prometheus,
                List.copyOf(names),
                some -> query.formatted(new Counters(metric, tenants, some).over(range)),
                at);
    }

    /** The last values of one process per target. */
    List<Series> readRuns(Prometheus prometheus, Map<Map<String, String>, Processes.Run> runs, Instant at) {
        var queries = runs.entrySet().stream()
                .map(run -> query(run.getKey(), run.getValue()))
                .toList();
        return read(prometheus, queries, some -> String.join(" or ", some), at);
    }

    private String query(Map<String, String> target, Processes.Run run) {
        return target.entrySet().stream()
                .map(label -> label.getKey() + "=" + quoted(label.getValue()))
                .collect(Collectors.joining(
                        ",",
                        "last_over_time(" + metric + "{",
                        "}[" + (run.last() - run.first() + 1) + "ms] @ " + BigDecimal.valueOf(run.last(), 3) + ")"));
    }

    private static List<Series> read(
            Prometheus prometheus, List<String> parts, Function<List<String>, String> query, Instant at) {
        int groups = (parts.size() + PARTS_PER_QUERY - 1) / PARTS_PER_QUERY;
        return Prometheus.all(groups, group -> {
                    int from = group * PARTS_PER_QUERY;
                    var some = parts.subList(from, Math.min(parts.size(), from + PARTS_PER_QUERY));
                    return prometheus.query(query.apply(some), at);
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** A string of alternatives. Prometheus looks them up in its index only if nothing else is escaped. */
    private static String anyOf(Collection<String> names) {
        return names.stream()
                .map(name -> name.replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0"))
                .collect(Collectors.collectingAndThen(Collectors.joining("|"), Counters::quoted));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
