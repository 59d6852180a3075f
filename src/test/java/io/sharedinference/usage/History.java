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

    /** The increase in each slice of the period. */
    long[] increases(Period period) {
        var increases = new long[period.slices()];
        long before = 0;
        for (var sample : samples) {
            long value = (long) sample.value();
            long slice = Math.floorDiv(
                    sample.millis() - 1 - period.from().toEpochMilli(),
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
