package io.sharedinference.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A time series; its labels do not include the metric's name. */
record Series(Map<String, String> labels, List<Sample> samples) {

    record Sample(long millis, double value) {}

    Sample last() {
        return samples.get(samples.size() - 1);
    }

    /** The first value from an instant on, the last one, and those around each decrease; the others do not affect the sum. */
    List<Double> turns(Instant from) {
        var turns = new ArrayList<Double>();
        double previous = Double.NaN;
        for (var sample : samples) {
            if (sample.millis() >= from.toEpochMilli()) {
                if (sample.value() < previous) {
                    turns.add(previous);
                }
                if (!(sample.value() >= previous)) {
                    turns.add(sample.value());
                }
                previous = sample.value();
            }
        }
        if (!Double.isNaN(previous)) {
            turns.add(previous);
        }
        return turns;
    }

    /** The labels of the scraped target: those that the proxy itself adds are removed. */
    static Map<String, String> target(Map<String, String> labels) {
        var target = new HashMap<>(labels);
        target.keySet()
                .removeIf(label -> label.startsWith("gen_ai_") || label.equals("error_type") || label.equals("user"));
        return Map.copyOf(target);
    }

    static String pod(Map<String, String> target) {
        return target.getOrDefault("pod", "");
    }

    static Set<String> pods(Collection<Map<String, String>> targets) {
        return targets.stream().map(Series::pod).collect(Collectors.toSet());
    }
}
