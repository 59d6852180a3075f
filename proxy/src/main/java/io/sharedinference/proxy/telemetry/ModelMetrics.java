package io.sharedinference.proxy.telemetry;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;

/** What is counted of one operation with one model that went well. Thread-safe. */
record ModelMetrics(
        DistributionDataPoint duration,
        DistributionDataPoint firstToken,
        DistributionDataPoint input,
        DistributionDataPoint output) {
}
