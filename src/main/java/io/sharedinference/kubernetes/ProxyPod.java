package io.sharedinference.kubernetes;

import java.time.Instant;
import java.util.Optional;

/**
 * A pod of an inference API proxy.
 *
 * @param image of its proxy's container, as the pod names it
 * @param opsPort where it answers {@code /metrics}
 * @param started when its proxy's container was started; empty when it doesn't run
 */
public record ProxyPod(
        String namespace, String name, String image, boolean ready, int opsPort, Optional<Instant> started) {}
