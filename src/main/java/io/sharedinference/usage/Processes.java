package io.sharedinference.usage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The start times of the proxies' processes, by target. A counter is reset only when its process ends, so two samples of the
 * same process need no look at those between them.
 *
 * @param first   start times shortly before the period, by the milliseconds of their samples
 * @param paused  those before it, of targets that may continue; NaN if there was none
 * @param targets all that show start times
 */
record Processes(
        Map<Map<String, String>, NavigableMap<Long, Double>> first,
        Map<Map<String, String>, Double> paused,
        List<Processes.Slice> slices,
        Set<Map<String, String>> targets) {

    /** The samples of one process, from the first to the last, in milliseconds. */
    record Run(double start, long first, long last) {

        static List<Run> of(Collection<Series.Sample> samples) {
            var runs = new ArrayList<Run>();
            for (var sample : samples) {
                var open =
                        runs.isEmpty() ? Double.NaN : runs.get(runs.size() - 1).start();
                long first =
                        open == sample.value() ? runs.remove(runs.size() - 1).first() : sample.millis();
                runs.add(new Run(sample.value(), first, sample.millis()));
            }
            return runs;
        }
    }

    /**
     * The processes in one slice. Each target that was scraped is in one of the maps.
     *
     * @param lasting one process, which ran at the end
     * @param ended   one process, which did not
     * @param several in the order of time
     */
    record Slice(
            Map<Map<String, String>, Double> lasting,
            Map<Map<String, String>, Double> ended,
            Map<Map<String, String>, List<Run>> several) {

        /** The start of the only process, or 0. */
        private double start(Map<String, String> target) {
            return lasting.getOrDefault(target, ended.getOrDefault(target, 0.0));
        }

        Stream<Map<String, String>> targets() {
            return Stream.of(lasting, ended, several).flatMap(map -> map.keySet().stream());
        }
    }

    /** How long a target may pause and still be known at the beginning of the period. */
    static final Duration PAUSE = Duration.ofDays(31);

    private static final String METRIC = "process_start_time_seconds";

    static Processes read(Prometheus prometheus, Period period, Collection<String> tenants) {
        return new Reader(prometheus, period, new Counters(METRIC, tenants)).read();
    }

    private record Reader(Prometheus prometheus, Period period, Counters starts) {

        Processes read() {
            var ends = starts.ends(prometheus, period);
            var first = times(ends.get(0));
            var edges = ends.stream().map(Reader::values).toList();
            var slices = Prometheus.all(period.slices(), index -> slice(index, edges.get(index), edges.get(index + 1)));
            var targets = new HashSet<>(first.keySet());
            slices.forEach(slice -> slice.targets().forEach(targets::add));
            return new Processes(first, paused(first.keySet(), slices), slices, targets);
        }

        private Slice slice(int index, Map<Map<String, String>, Double> first, Map<Map<String, String>, Double> last) {
            var lasting = new HashMap<>(last);
            lasting.entrySet().removeIf(target -> !target.getValue().equals(first.get(target.getKey())));
            var open = new HashSet<>(prometheus.series(starts.selector(), period.start(index), period.last(index)));
            open.removeAll(lasting.keySet());
            var ended = new HashMap<Map<String, String>, Double>();
            var single = values(read(open, "last_over_time(%1$s) unless changes(%1$s) > 0", index));
            single.keySet().retainAll(open);
            open.removeAll(single.keySet());
            single.forEach((target, start) -> (last.containsKey(target) ? lasting : ended).put(target, start));
            var several = new HashMap<Map<String, String>, List<Run>>();
            long start = period.start(index).toEpochMilli();
            read(open, Counters.ALL, index)
                    .forEach(found -> several.put(
                            found.labels(),
                            Run.of(found.samples().stream()
                                    .filter(sample -> sample.millis() >= start)
                                    .toList())));
            several.keySet().retainAll(open);
            return new Slice(lasting, ended, several);
        }

        private List<Series> read(Collection<Map<String, String>> targets, String query, int slice) {
            return starts.read(prometheus, Series.pods(targets), query, period.slice(), period.last(slice));
        }

        /** A process that started in the period has counted nothing before, and most targets have had no other. */
        private Map<Map<String, String>, Double> paused(Set<Map<String, String>> first, List<Slice> slices) {
            var paused = new HashMap<Map<String, String>, Double>();
            var begun = new HashSet<>(first);
            slices.forEach(slice -> slice.targets().filter(begun::add).forEach(target -> {
                if (slice.start(target) < period.from().getEpochSecond()) {
                    paused.put(target, Double.NaN);
                }
            }));
            var found = values(
                    starts.read(prometheus, Series.pods(paused.keySet()), Counters.LAST, PAUSE, period.last(-1)));
            paused.replaceAll((target, none) -> found.getOrDefault(target, none));
            return paused;
        }

        private static Map<Map<String, String>, NavigableMap<Long, Double>> times(List<Series> series) {
            var times = new HashMap<Map<String, String>, NavigableMap<Long, Double>>();
            series.forEach(found -> found.samples()
                    .forEach(sample -> times.computeIfAbsent(found.labels(), labels -> new TreeMap<>())
                            .put(sample.millis(), sample.value())));
            return times;
        }

        private static Map<Map<String, String>, Double> values(List<Series> series) {
            var values = new HashMap<Map<String, String>, Double>();
            series.forEach(found -> values.put(found.labels(), found.last().value()));
            return values;
        }
    }
}
