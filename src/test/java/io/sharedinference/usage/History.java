package io.sharedinference.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The samples of one series, and what it increased by according to a simple reading of them. */
record History(Map<String, String> labels, List<Series.Sample> samples) {

    /** One sample per minute from {@code start} to {@code end}. */
    static History steady(Map<String, String> labels, Instant start, Instant end, long first, long step) {
        var samples = new ArrayList<Series.Sample>();
        long value = first;
        for (var at = start; !at.isAfter(end); at = at.plusSeconds(60)) {
            samples.add(new Series.Sample(at.toEpochMilli(), value));
            value += step;
        }
        return new History(labels, samples);
    }

    /** A pod's counter with restarts, outages of the scraper, and pauses without requests. */
    static History generated(Map<String, String> labels, Random random, Instant earliest, Instant latest) {
        long length = Duration.between(earliest, latest).toSeconds();
        long start = random.nextBoolean() ? -random.nextLong(3600) : random.nextLong(length);
        long end = random.nextBoolean() ? length + 3600 : start + random.nextLong(length);
        long offset = random.nextBoolean() ? 0 : random.nextLong(60_000);
        var samples = new ArrayList<Series.Sample>();
        long value = random.nextInt(4) == 0 ? random.nextLong(1L << 45) : random.nextLong(5000);
        for (long minute = start / 60; minute < end / 60; minute++) {
            samples.add(new Series.Sample(earliest.toEpochMilli() + minute * 60_000 + offset, value));
            value = switch (random.nextInt(200)) {
                case 0 -> random.nextLong(3000); // a restart
                case 1, 2, 3 -> {
                    minute += random.nextLong(100); // an outage
                    yield random.nextBoolean() ? value : value + random.nextLong(1000);
                }
                default -> random.nextInt(3) == 0 ? value : value + random.nextLong(5000);
            };
        }
        return new History(labels, samples);
    }

    /**
     * What is scraped of a pod whose processes restart: the start time first, then two counters, of which the second appears
     * late in each process. After a restart a counter may soon be higher than before.
     */
    static List<History> ofPod(Map<String, String> target, Random random, Instant earliest, Instant latest) {
        long length = Duration.between(earliest, latest).toSeconds();
        long begin = random.nextBoolean() ? 0 : random.nextLong(length);
        long end = random.nextBoolean() ? length + 3600 : begin + random.nextLong(length);
        var labels = new TreeMap<>(target);
        var starts = new ArrayList<Series.Sample>();
        var inputs = new ArrayList<Series.Sample>();
        var outputs = new ArrayList<Series.Sample>();
        long process = earliest.getEpochSecond() + begin;
        long input = random.nextLong(5000);
        long output = 0;
        for (long second = begin; second < end; second += 60) {
            long at = (earliest.getEpochSecond() + second) * 1000 + random.nextLong(3) - 1;
            starts.add(new Series.Sample(at, process));
            inputs.add(new Series.Sample(at, input));
            if (output > 0) {
                outputs.add(new Series.Sample(at, output));
            }
            switch (random.nextInt(150)) {
                case 0 -> { // a restart
                    process = earliest.getEpochSecond() + second + 30;
                    input = random.nextInt(100_000);
                    output = random.nextBoolean() ? 0 : random.nextInt(100_000);
                }
                case 1 -> second += random.nextLong(10_000); // an outage
                default -> {
                    input += random.nextLong(5000);
                    output += random.nextInt(20) == 0 ? random.nextLong(5000) : 0;
                }
            }
        }
        labels.put("gen_ai_token_type", "output");
        var late = new History(Map.copyOf(labels), outputs);
        labels.put("gen_ai_token_type", "input");
        return List.of(new History(target, starts), new History(Map.copyOf(labels), inputs), late);
    }

    /** The increase in each slice of the period, of a counter that starts at zero whenever its process does. */
    long[] increases(Period period, History starts) {
        var processes = new TreeMap<Long, Double>();
        starts.samples().forEach(sample -> processes.put(sample.millis(), sample.value()));
        var increases = new long[period.slices()];
        long before = 0;
        double process = -1;
        for (var sample : samples) {
            double current = processes.get(sample.millis());
            long value = (long) sample.value();
            long slice = Math.floorDiv(
                    sample.millis() - period.from().toEpochMilli(),
                    period.slice().toMillis());
            if (slice >= 0 && slice < period.slices()) {
                increases[(int) slice] += process == current ? value - before : value;
            }
            before = value;
            process = current;
        }
        return increases;
    }

    /** The increase in each slice of the period, of a counter whose processes are not known. */
    long[] increases(Period period) {
        var increases = new long[period.slices()];
        long before = 0;
        for (var sample : samples) {
            long value = (long) sample.value();
            long slice = Math.floorDiv(
                    sample.millis() - period.from().toEpochMilli(),
                    period.slice().toMillis());
            if (slice >= 0 && slice < period.slices()) {
                increases[(int) slice] += value < before ? value : value - before;
            }
            before = value;
        }
        return increases;
    }

    String openMetrics(String metric) {
        var selector = new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=\""
                                + label.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                        .collect(Collectors.joining(",", metric + "{", "}"));
        return samples.stream()
                .map(sample -> String.format(
                        Locale.ROOT, "%s %.0f %.3f\n", selector, sample.value(), sample.millis() / 1000.0))
                .collect(Collectors.joining());
    }
}
