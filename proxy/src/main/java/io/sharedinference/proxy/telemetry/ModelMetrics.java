package io.sharedinference.proxy.telemetry;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;

/** Metrics of successful requests for one operation and model. Thread-safe. */
record ModelMetrics(
        DistributionDataPoint duration,
        DistributionDataPoint firstToken,
        DistributionDataPoint input,
        DistributionDataPoint output) {}
