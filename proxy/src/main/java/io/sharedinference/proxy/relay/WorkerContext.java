package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.auth.Authentication;
import io.sharedinference.proxy.limits.RequestLimits;
import io.sharedinference.proxy.telemetry.AccessLog;
import io.sharedinference.proxy.upstream.SecretState;
import java.util.function.Supplier;

/**
 * What all workers share. Thread-safe.
 *
 * @param secret provides the shared API and the tenant's token, once per request
 */
record WorkerContext(
        RelaySettings settings,
        Authentication authentication,
        RequestLimits requestLimits,
        Supplier<SecretState> secret,
        AccessLog accessLog,
        DrainState drain) {}
