package io.sharedinference.proxy.limits;

/**
 * The limit that keeps a request from being forwarded.
 *
 * @param limit its name in metrics
 * @param description for the client, with the setting
 * @param tokens whether it limits tokens, not requests
 * @param most the limit itself
 * @param remaining the unused part of the limit
 * @param retryNanos until a request may be within the limit
 * @param resetNanos until the limit is unused
 */
public record ExceededLimit(
        String limit,
        String description,
        boolean tokens,
        long most,
        long remaining,
        long retryNanos,
        long resetNanos) {}
