package io.sharedinference.usage;

import java.util.List;
import java.util.Map;

/** A time series. @param labels without the metric's name */
record Series(Map<String, String> labels, List<Sample> samples) {

    record Sample(long millis, double value) {}
}
