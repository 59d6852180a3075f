package io.sharedinference.tenants;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The status of one tenant. Values that cannot be determined are empty.
 *
 * @param cluster   the kubeconfig context
 * @param chart     name and version
 * @param image     image of the proxy pods; several during a rollout, separated by spaces
 * @param models    number of models available to its token
 * @param health    "ok", the failures, or "unknown: " and the reason
 * @param tokenDays age of the token in whole days
 * @param drift     empty if it was not checked
 */
public record TenantStatus(
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

    /** The status of a stack whose file cannot be read. */
    static TenantStatus unreadable(String stack, String reason) {
        return new TenantStatus(
                stack,
                stack,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                UNKNOWN + reason,
                Optional.empty(),
                Optional.empty());
    }

    /** The image without its registry, and with a shortened digest. */
    public Optional<String> shortImage() {
        return image.map(images -> Arrays.stream(images.split(" ", -1))
                .map(name -> name.substring(name.lastIndexOf('/') + 1).replaceFirst("(@sha256:.{12}).*", "$1"))
                .collect(Collectors.joining(" ")));
    }

    /** Changes since the last {@code pulumi up}; the summary is "none", the changes, or "unknown: " and the reason. */
    public record Drift(boolean found, String summary) {

        public static Drift unknown(String reason) {
            return new Drift(false, UNKNOWN + reason);
        }
    }
}
