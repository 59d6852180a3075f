package io.sharedinference.usage;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Selects the counters of proxies.
 *
 * @param tenants empty for all
 * @param pods    empty for all
 */
record Counters(String metric, Collection<String> tenants, Collection<String> pods) {

    Counters(String metric, Collection<String> tenants) {
        this(metric, tenants, List.of());
    }

    Counters ofPods(Collection<String> some) {
        return new Counters(metric, tenants, some);
    }

    /** The range selector. */
    String over(Duration range) {
        return metric + "{" + (tenants.isEmpty() ? "tenant!=\"\"" : "tenant=~" + anyOf(tenants))
                + (pods.isEmpty() ? "" : ",pod=~" + anyOf(pods)) + "}[" + range.toSeconds() + "s]";
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
