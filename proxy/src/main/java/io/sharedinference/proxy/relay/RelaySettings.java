package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.limits.LimitSettings;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Settings of the relay. The duration of an exchange is not limited while bytes arrive.
 *
 * @param port 0 for any free port
 * @param connectTimeout limit on connecting to the shared API, and again on the TLS handshake
 * @param connectionAge maximum age of a pooled connection to the shared API
 * @param headerTimeout from the first to the last byte of a request header section
 * @param firstByteTimeout from the last byte of a request to the first byte of the response body
 * @param idleTimeout without a byte in either direction, in a body or between requests
 * @param eventKeepAlive after which an idle event stream gets a comment; zero for never
 * @param limits limits on requests and connections
 * @param quotas limits on the requests of the tenant and its users
 * @param requests how requests are forwarded
 * @param accessLog whether each request is logged
 * @param userMetrics whether tokens are also counted per user
 * @param streamUsageBody bytes of a request body to which {@code include_usage} is added; empty if it never is
 */
public record RelaySettings(
        int port,
        Duration connectTimeout,
        Duration connectionAge,
        Duration headerTimeout,
        Duration firstByteTimeout,
        Duration idleTimeout,
        Duration eventKeepAlive,
        Limits limits,
        LimitSettings quotas,
        RequestRules requests,
        boolean accessLog,
        boolean userMetrics,
        OptionalInt streamUsageBody) {}
