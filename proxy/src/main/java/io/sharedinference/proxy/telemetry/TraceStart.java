package io.sharedinference.proxy.telemetry;

/** Whether a trace begins at the proxy where a request has none, and whether it asks others to record it. */
public enum TraceStart { SAMPLED, UNSAMPLED, NEVER }
