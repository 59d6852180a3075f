package io.sharedinference.tenants;

import java.util.Optional;

/**
 * What is known of one tenant. Empty is what couldn't be found out.
 *
 * @param cluster   the kubeconfig context
 * @param chart     name and version
 * @param image     of the proxy's pods; several, separated by a space, while they are replaced
 * @param models    how many the shared installation lets its token use
 * @param health    "ok", what isn't, or "unknown: " and why
 * @param tokenDays age of the token in whole days
 * @param drift     empty if it wasn't asked for
 */
public record TenantState(
        String tenant,
        String stack,
        Optional<String> namespace,
        Optional<String> cluster,
        Optional<String> chart,
        Optional<String> image,
        Optional<Integer> models,
        String health,
        Optional<Long> tokenDays,
        Optional<Drift> drift) {

    static final String UNKNOWN = "unknown: ";

    /** Of a stack whose file can't be read. */
    static TenantState unreadable(String stack, String why) {
        return new TenantState(
                stack,
                stack,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                UNKNOWN + why,
                Optional.empty(),
                Optional.empty());
    }

    /** What is no longer as the last up left it. @param summary "none", what, or "unknown: " and why */
    public record Drift(boolean found, String summary) {

        public static Drift unknown(String why) {
            return new Drift(false, UNKNOWN + why);
        }
    }
}
