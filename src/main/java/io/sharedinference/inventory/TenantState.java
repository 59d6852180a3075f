package io.sharedinference.inventory;

import java.util.Optional;

/**
 * What is known of one tenant. Empty is what couldn't be found out.
 *
 * @param cluster   the kubeconfig context
 * @param chart     name and version
 * @param image     of the proxy's pods; several, separated by a space, while they are replaced
 * @param models    how many the shared installation lets its token use
 * @param health    "ok", or what isn't
 * @param tokenDays age of the token in whole days
 * @param drift     "none", or what an up would change
 */
public record TenantState(
        String tenant,
        String stack,
        String namespace,
        String cluster,
        Optional<String> chart,
        Optional<String> image,
        Optional<Integer> models,
        String health,
        Optional<Long> tokenDays,
        Optional<String> drift) {}
