package io.sharedinference.usage;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Exact increases of counters: sums of the differences between samples. A counter that Prometheus has not seen before starts
 * at zero, as does one of another process. {@code increase()} would extrapolate, and miss the first value.
 *
 * <p>Where a slice had one process, the difference of its last values suffices. All samples are read only of targets that
 * restarted, or whose start time is unknown.
 */
final class Increases {

    private static final String LAST = "last_over_time(%s)";
    private static final NavigableMap<Long, Double> UNKNOWN = new TreeMap<>();

    private final Prometheus prometheus;
    private final Period period;
    private final Counters counters;
    private final Processes processes;
    private final Map<Map<String, String>, Progress> series = new HashMap<>();

    private Increases(Prometheus prometheus, Period period, Counters counters, Processes processes) {
        this.prometheus = prometheus;
        this.period = period;
        this.counters = counters;
        this.processes = processes;
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
        var unknown = targetsWithoutProcess();
        readBefore(unknown);
        for (int slice = 0; slice < period.slices(); slice++) {
            readSlice(slice, unknown);
        }
        var increases = new HashMap<Map<String, String>, long[]>();
        series.forEach((labels, progress) -> increases.put(labels, progress.increases));
        return increases;
    }

    private Set<Map<String, String>> targetsWithoutProcess() {
        var targets = new HashSet<Map<String, String>>();
        prometheus
                .series(counters.selector(), period.from(), period.to())
                .forEach(labels -> targets.add(Series.target(labels)));
        targets.removeAll(processes.targets());
        return targets;
    }

    private void readBefore(Set<Map<String, String>> unknown) {
        var paused = new HashMap<>(processes.paused());
        unknown.forEach(target -> paused.put(target, Double.NaN));
        for (var one : counters.read(prometheus, paused.keySet(), LAST, Processes.PAUSE, period.from())) {
            var progress = progress(one);
            if (paused.containsKey(progress.target)) {
                progress.begin(one.last().value(), paused.getOrDefault(progress.target, Double.NaN));
            }
        }
        for (var one : prometheus.query(counters.over(Processes.lookback(period)), period.from())) {
            var progress = progress(one);
            var starts = processes.first().getOrDefault(progress.target, UNKNOWN);
            progress.begin(one.last().value(), start(starts, one.last()));
        }
    }

    private static double start(NavigableMap<Long, Double> starts, Series.Sample sample) {
        var start = starts.floorEntry(sample.millis());
        return start == null ? Double.NaN : start.getValue();
    }

    private void readSlice(int index, Set<Map<String, String>> unknown) {
        var slice = processes.slices().get(index);
        reachLast(
                index,
                prometheus.query(LAST.formatted(counters.over(Processes.lookback(period))), period.end(index)),
                slice.steady());
        reachLast(index, read(slice.single().keySet(), LAST, index), slice.single());
        var all = new HashMap<>(slice.several());
        unknown.forEach(target -> all.put(target, UNKNOWN));
        reachAll(index, read(all.keySet(), "%s", index), all);
    }

    private List<Series> read(Collection<Map<String, String>> targets, String query, int slice) {
        return counters.read(prometheus, targets, query, period.slice(), period.end(slice));
    }

    private void reachLast(int slice, List<Series> found, Map<Map<String, String>, Double> starts) {
        for (var one : found) {
            var progress = progress(one);
            if (starts.containsKey(progress.target)) {
                progress.reach(slice, one.last().value(), starts.getOrDefault(progress.target, Double.NaN));
            }
        }
    }

    private void reachAll(int slice, List<Series> found, Map<Map<String, String>, NavigableMap<Long, Double>> starts) {
        long after = period.start(slice).toEpochMilli();
        for (var one : found) {
            var progress = progress(one);
            var times = starts.getOrDefault(progress.target, UNKNOWN);
            if (!starts.containsKey(progress.target)) {
                continue;
            }
            for (var sample : one.samples()) {
                if (sample.millis() > after) {
                    progress.reach(slice, sample.value(), start(times, sample));
                }
            }
        }
    }

    private Progress progress(Series one) {
        return series.computeIfAbsent(one.labels(), labels -> new Progress(Series.target(labels), period.slices()));
    }
}
