package io.sharedinference.kubernetes;

/**
 * A pod of an inference API proxy.
 *
 * @param image of its proxy's container, as the pod names it
 * @param opsPort where it answers {@code /metrics}
 */
public record ProxyPod(String namespace, String name, String image, boolean ready, int opsPort) {}
