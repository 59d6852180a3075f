package io.sharedinference.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Exact increases of counters: sums of the differences between samples. A counter that Prometheus has not seen before starts
 * at zero, as does one that was reset. {@code increase()} would extrapolate, and miss the first value.
 *
 * <p>Where a counter was not reset, the difference of its last values suffices, which Prometheus finds in one query for all
 * series. Only the rest is fetched as samples.
 */
final class Increases {

    /** How long before a slice the last sample may be, so that the query for resets compares it with the next one. */
    private static final Duration OVERLAP = Duration.ofMinutes(5);

    /** How long a series may pause and still be known at the beginning of the period. */
    private static final Duration PAUSE = Duration.ofDays(31);

    private static final int PODS_PER_QUERY = 50;

    private final Prometheus prometheus;
    private final Period period;
    private final Counters counters;
    private final Map<Map<String, String>, Windows> series = new HashMap<>();

    private Increases(Prometheus prometheus, Period period, Counters counters) {
        this.prometheus = prometheus;
        this.period = period;
        this.counters = counters;
    }

    /** What Prometheus knows about a series in each slice. Values that don't exist are NaN. */
    private static final class Windows {

        final double[] last;
        final BitSet reset = new BitSet();
        final BitSet overlapped = new BitSet();
        final long[] increases;
        double before = Double.NaN;

        Windows(int slices) {
            last = new double[slices];
            Arrays.fill(last, Double.NaN);
            increases = new long[slices];
        }

        boolean unknownBefore() {
            return Double.isNaN(before);
        }
    }

    /** Increases in each slice of the period, by the labels of the series. */
    static Map<Map<String, String>, long[]> of(Prometheus prometheus, Period period, Counters counters) {
        return new Increases(prometheus, period, counters).read();
    }

    private Map<Map<String, String>, long[]> read() {
        readWindows();
        readValuesBefore();
        var open = new TreeMap<Integer, Map<Map<String, String>, Double>>();
        series.forEach((labels, windows) -> subtract(
                windows,
                (slice, before) ->
                        open.computeIfAbsent(slice, key -> new HashMap<>()).put(labels, before)));
        open.forEach(this::sumSamples);
        var increases = new HashMap<Map<String, String>, long[]>();
        series.forEach((labels, windows) -> increases.put(labels, windows.increases));
        return increases;
    }

    /** Resets come last, so that no reset is missed between samples that arrive meanwhile. */
    private void readWindows() {
        range(
                "last_over_time(" + counters.over(period.slice()) + ")",
                period.end(0),
                (labels, slice, value) -> windows(labels).last[slice] = value);
        range(
                "last_over_time(" + counters.over(OVERLAP) + ")",
                period.from(),
                (labels, slice, value) -> known(labels).ifPresent(windows -> {
                    windows.overlapped.set(slice);
                    windows.before = slice == 0 ? value : windows.before;
                }));
        range(
                "resets(" + counters.over(period.slice().plus(OVERLAP)) + ") > 0",
                period.end(0),
                (labels, slice, value) -> known(labels).ifPresent(windows -> windows.reset.set(slice)));
    }

    private interface Value {
        void accept(Map<String, String> labels, int slice, double value);
    }

    private void range(String query, Instant start, Value consumer) {
        prometheus.range(
                query,
                start,
                period.slice(),
                period.slices(),
                found -> found.samples()
                        .forEach(sample -> consumer.accept(
                                found.labels(),
                                Math.toIntExact((sample.millis() - start.toEpochMilli())
                                        / period.slice().toMillis()),
                                sample.value())));
    }

    private Windows windows(Map<String, String> labels) {
        return series.computeIfAbsent(labels, key -> new Windows(period.slices()));
    }

    private Optional<Windows> known(Map<String, String> labels) {
        return Optional.ofNullable(series.get(labels));
    }

    /** Series without a recent sample at the beginning are new, or had paused. */
    private void readValuesBefore() {
        var pods = new LinkedHashSet<String>();
        series.forEach((labels, windows) -> {
            if (windows.unknownBefore()) {
                pods.add(pod(labels));
            }
        });
        forPods(
                pods,
                "last_over_time(%s)",
                PAUSE,
                period.from(),
                found -> known(found.labels())
                        .filter(Windows::unknownBefore)
                        .ifPresent(windows ->
                                windows.before = found.samples().get(0).value()));
    }

    private interface Open {
        void add(int slice, double before);
    }

    /** @param open receives the slices whose increase takes more than a difference */
    private void subtract(Windows windows, Open open) {
        double before = windows.before;
        for (int slice = 0; slice < period.slices(); slice++) {
            double last = windows.last[slice];
            if (Double.isNaN(last)) {
                continue;
            }
            boolean compared = Double.isNaN(before) || windows.overlapped.get(slice);
            double start = Double.isNaN(before) ? 0 : before;
            if (compared && !windows.reset.get(slice) && last >= start) {
                windows.increases[slice] = Math.round(last - start);
            } else {
                open.add(slice, start);
            }
            before = last;
        }
    }

    /** @param open value before the slice, by series */
    private void sumSamples(int slice, Map<Map<String, String>, Double> open) {
        var pods = new LinkedHashSet<String>();
        open.keySet().forEach(labels -> pods.add(pod(labels)));
        forPods(
                pods,
                "%s",
                period.slice(),
                period.end(slice),
                found -> Optional.ofNullable(open.get(found.labels()))
                        .ifPresent(before -> windows(found.labels()).increases[slice] =
                                sum(found.samples(), period.start(slice), before)));
    }

    private static long sum(List<Series.Sample> samples, Instant after, double before) {
        double sum = 0;
        double previous = before;
        for (var sample : samples) {
            if (sample.millis() > after.toEpochMilli()) {
                sum += sample.value() < previous ? sample.value() : sample.value() - previous;
                previous = sample.value();
            }
        }
        return Math.round(sum);
    }

    private void forPods(Collection<String> pods, String query, Duration range, Instant at, Consumer<Series> consumer) {
        var all = new ArrayList<>(pods);
        for (int from = 0; from < all.size(); from += PODS_PER_QUERY) {
            var some = all.subList(from, Math.min(all.size(), from + PODS_PER_QUERY));
            prometheus.query(query.formatted(counters.ofPods(some).over(range)), at, consumer);
        }
    }

    private static String pod(Map<String, String> labels) {
        return labels.getOrDefault("pod", "");
    }
}
