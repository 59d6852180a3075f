package io.sharedinference.proxy.relay;

import java.time.Duration;

/**
 * How clients are served. There is no limit on how long an exchange takes as long as its bytes move.
 *
 * @param port 0 for any free one
 * @param connectTimeout to the shared API, TLS included once more
 * @param connectionAge of a connection to the shared API, after which it takes no further exchange
 * @param headTimeout from a head's first byte to its last
 * @param firstByteTimeout from a request's last byte to the first of its answer's body
 * @param idleTimeout without a byte in either direction, once an exchange or a body is under way or between requests
 * @param eventKeepAlive after which a silent stream of events gets a comment; zero for never
 * @param limits what clients may take
 * @param requests how requests are forwarded
 * @param accessLog whether each request is logged
 * @param userMetrics whether tokens are counted by user, too
 */
public record RelaySettings(
        int port, Duration connectTimeout, Duration connectionAge, Duration headTimeout, Duration firstByteTimeout,
        Duration idleTimeout, Duration eventKeepAlive, Limits limits, RequestRules requests,
        boolean accessLog, boolean userMetrics) {
}
