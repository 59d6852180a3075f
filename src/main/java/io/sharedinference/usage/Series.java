package io.sharedinference.usage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A time series. @param labels without the metric's name */
record Series(Map<String, String> labels, List<Sample> samples) {

    record Sample(long millis, double value) {}

    Sample last() {
        return samples.get(samples.size() - 1);
    }

    /** The labels of the scraped target: those that the proxy itself adds are removed. */
    static Map<String, String> target(Map<String, String> labels) {
        var target = new HashMap<>(labels);
        target.keySet()
                .removeIf(label -> label.startsWith("gen_ai_") || label.equals("error_type") || label.equals("user"));
        return Map.copyOf(target);
    }
}
