package io.sharedinference.proxy.telemetry;

/** Whether the proxy starts a trace for requests without one, and its sampled flag. */
public enum TraceStart {
    SAMPLED,
    UNSAMPLED,
    NEVER
}
