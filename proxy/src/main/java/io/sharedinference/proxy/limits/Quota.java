package io.sharedinference.proxy.limits;

/**
 * The quota of one tenant, user or model; 0 is no limit.
 *
 * @param requests in flight
 * @param requestsPerMinute requests that arrive within a minute
 * @param tokensPerMinute tokens that responses report within a minute
 */
public record Quota(long requests, long requestsPerMinute, long tokensPerMinute) {
    public static final long MAX = 999_999_999_999L;
    public static final Quota NONE = new Quota(0, 0, 0);

    boolean limited() {
        return !equals(NONE);
    }
}
