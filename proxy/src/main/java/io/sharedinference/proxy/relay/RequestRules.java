package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.telemetry.TraceStart;

/**
 * How requests are forwarded.
 *
 * @param traceStart whether requests without a trace start one
 * @param openPreflights whether CORS preflights are forwarded without a token
 * @param stripped credentials that are not forwarded
 */
public record RequestRules(TraceStart traceStart, boolean openPreflights, StrippedCredentials stripped) {}
