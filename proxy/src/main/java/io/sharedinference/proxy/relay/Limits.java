package io.sharedinference.proxy.relay;

/**
 * How much of anything one client, or all of them, may take.
 *
 * @param head bytes of a request's head, no more than {@link HeadEnd#LARGEST_HEAD}
 * @param body bytes of a request's body; of a chunked one, of its data
 * @param connections clients that are served at the same time
 */
public record Limits(int head, long body, int connections) {
}
