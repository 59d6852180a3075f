package io.sharedinference.usage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exact increases of counters: sums of the differences between samples. A counter that Prometheus has not seen before starts
 * at zero, as does one of another process. {@code increase()} would extrapolate, and miss the first value.
 *
 * <p>The difference of the last values of a process suffices. All samples are read only of targets whose start time is
 * unknown.
 */
final class Increases {

    private static final NavigableMap<Long, Double> NONE = new TreeMap<>();

    private final Prometheus prometheus;
    private final Period period;
    private final Counters counters;
    private final Processes processes;
    private final Map<Map<String, String>, Progress> series = new HashMap<>();
    private final Map<Map<String, String>, Map<String, String>> known = new HashMap<>();
    private final Map<Map<String, String>, Map<String, String>> targets = new ConcurrentHashMap<>();

    private Increases(Prometheus prometheus, Period period, Counters counters, Processes processes) {
        this.prometheus = prometheus;
        this.period = period;
        this.counters = counters;
        this.processes = processes;
        processes.targets().forEach(target -> known.put(target, target));
    }

    /** The last value of a series that was read, and the start of its process: NaN if it is unknown. */
    private static final class Progress {

        final Map<String, String> target;
        final long[] increases;
        private double value;
        private double start = Double.NaN;

        Progress(Map<String, String> target, int slices) {
            this.target = target;
            this.increases = new long[slices];
        }

        void begin(double before, double process) {
            value = before;
            start = process;
        }

        void reach(int slice, double next, double process) {
            boolean other = !Double.isNaN(start) && !Double.isNaN(process) && start != process;
            boolean continued = !other && next >= value;
            increases[slice] += Math.round(continued ? next - value : next);
            begin(next, process);
        }
    }

    /** Increases in each slice of the period, by the labels of the series. */
    static Map<Map<String, String>, long[]> of(
            Prometheus prometheus, Period period, Counters counters, Processes processes) {
        return new Increases(prometheus, period, counters, processes).read();
    }

    private Map<Map<String, String>, long[]> read() {
        var ends = counters.ends(prometheus, period);
        var unknown = podsOfUnknownProcesses(ends);
        readBefore(ends.get(0), unknown);
        var slices = Prometheus.all(period.slices(), slice -> values(slice, ends.get(slice + 1), unknown));
        for (int slice = 0; slice < period.slices(); slice++) {
            for (var value : slices.get(slice)) {
                progress(value.labels()).reach(slice, value.value(), value.process());
            }
        }
        var increases = new HashMap<Map<String, String>, long[]>();
        series.forEach((labels, progress) -> increases.put(labels, progress.increases));
        return increases;
    }

    /** Those of proxies that show no start time. Another tenant may have a pod with the same name. */
    private Set<String> podsOfUnknownProcesses(List<List<Series>> ends) {
        var pods = new HashSet<>(prometheus.labelValues("pod", counters.selector(), period));
        processes.targets().forEach(target -> pods.remove(Series.pod(target)));
        ends.stream()
                .flatMap(List::stream)
                .map(this::target)
                .filter(this::isUnknown)
                .forEach(target -> pods.add(Series.pod(target)));
        return pods;
    }

    private Map<String, String> target(Series one) {
        return target(one.labels());
    }

    private Map<String, String> target(Map<String, String> labels) {
        return targets.computeIfAbsent(labels, key -> {
            var target = Series.target(key);
            return known.getOrDefault(target, target);
        });
    }

    private boolean isUnknown(Map<String, String> target) {
        return !processes.targets().contains(target);
    }

    private void readBefore(List<Series> last, Set<String> unknown) {
        var pods = new HashSet<>(unknown);
        processes.paused().keySet().forEach(target -> pods.add(Series.pod(target)));
        for (var one : counters.read(prometheus, pods, Counters.LAST, Processes.PAUSE, period.last(-1))) {
            var progress = progress(one.labels());
            if (processes.paused().containsKey(progress.target) || isUnknown(progress.target)) {
                progress.begin(one.last().value(), processes.paused().getOrDefault(progress.target, Double.NaN));
            }
        }
        for (var one : last) {
            var progress = progress(one.labels());
            var starts = processes.first().getOrDefault(progress.target, NONE);
            progress.begin(one.last().value(), start(starts, one.last()));
        }
    }

    private static double start(NavigableMap<Long, Double> starts, Series.Sample sample) {
        var start = starts.floorEntry(sample.millis());
        return start == null ? Double.NaN : start.getValue();
    }

    /** @param process its start, or NaN */
    private record Value(Map<String, String> labels, double value, double process) {}

    /** The values in a slice between which a series does not decrease, except from one process to the next. */
    private List<Value> values(int index, List<Series> ends, Set<String> unknown) {
        var slice = processes.slices().get(index);
        var values = new ArrayList<Value>();
        add(values, slice.lasting(), ends);
        add(values, slice.ended(), read(Series.pods(slice.ended().keySet()), Counters.LAST, index));
        for (var round : rounds(slice.several())) {
            var starts = new HashMap<Map<String, String>, Double>();
            round.forEach((target, run) -> starts.put(target, run.start()));
            add(values, starts, counters.readRuns(prometheus, round, period.last(index)));
        }
        for (var one : read(unknown, Counters.ALL, index)) {
            if (isUnknown(target(one))) {
                one.turns(period.start(index)).forEach(value -> values.add(new Value(one.labels(), value, Double.NaN)));
            }
        }
        return values;
    }

    private void add(List<Value> values, Map<Map<String, String>, Double> starts, List<Series> found) {
        for (var one : found) {
            Optional.ofNullable(starts.get(target(one)))
                    .ifPresent(start ->
                            values.add(new Value(one.labels(), one.last().value(), start)));
        }
    }

    /** The first process of each target, then the second of those that have one, and so on. */
    private static List<Map<Map<String, String>, Processes.Run>> rounds(
            Map<Map<String, String>, List<Processes.Run>> several) {
        var rounds = new ArrayList<Map<Map<String, String>, Processes.Run>>();
        several.forEach((target, runs) -> {
            for (int round = 0; round < runs.size(); round++) {
                if (rounds.size() == round) {
                    rounds.add(new HashMap<>());
                }
                rounds.get(round).put(target, runs.get(round));
            }
        });
        return rounds;
    }

    private List<Series> read(Collection<String> pods, String query, int slice) {
        return counters.read(prometheus, pods, query, period.slice(), period.last(slice));
    }

    private Progress progress(Map<String, String> labels) {
        return series.computeIfAbsent(labels, key -> new Progress(target(key), period.slices()));
    }
}
