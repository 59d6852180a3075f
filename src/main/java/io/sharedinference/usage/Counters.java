package io.sharedinference.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Selects the counters of proxies.
 *
 * @param tenants empty for all
 * @param pods    empty for all
 */
record Counters(String metric, Collection<String> tenants, Collection<String> pods) {

    private static final int PODS_PER_QUERY = 50;

    Counters(String metric, Collection<String> tenants) {
        this(metric, tenants, List.of());
    }

    private Counters ofPods(Collection<String> some) {
        return new Counters(metric, tenants, some);
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
     * Queries the pods of targets. The result may have more targets, with the same names of pods.
     *
     * @param query with a placeholder for the range selector
     */
    List<Series> read(
            Prometheus prometheus, Collection<Map<String, String>> targets, String query, Duration range, Instant at) {
        var names = targets.stream()
                .map(target -> target.getOrDefault("pod", ""))
                .distinct()
                .toList();
        var groups = IntStream.iterate(0, from -> from < names.size(), from -> from + PODS_PER_QUERY);
        return Prometheus.all(groups, from -> {
                    var some = names.subList(from, Math.min(names.size(), from + PODS_PER_QUERY));
                    return prometheus.query(query.formatted(ofPods(some).over(range)), at);
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** A string of alternatives. Prometheus looks them up in its index only if nothing else is escaped. */
    private static String anyOf(Collection<String> names) {
        return names.stream()
                .map(name -> name.replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0"))
                .collect(Collectors.joining("|"))
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .transform(pattern -> "\"" + pattern + "\"");
    }
}
