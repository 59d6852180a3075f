package io.sharedinference.kubernetes;

import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.secrets.Token;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tokens that the chart makes for service users, each in a Secret of its own. Read here in one request, and not with a
 * resource for each, which the engine reads and writes into the state one by one: 300 tenants took 344 s per {@code up}.
 */
public final class ServiceTokens {

    static final String KEY = "token";

    private ServiceTokens() {}

    /**
     * By service user.
     *
     * @throws ClusterException if one is missing or blank, or the cluster can't be asked
     */
    public static Map<String, Token> read(
            ClusterConfig config, Path checkout, String namespace, Collection<String> serviceUsers) {
        try (var cluster = Cluster.open(config, checkout)) {
            var tokens = cluster.tokens(namespace, KEY);
            var missing = serviceUsers.stream()
                    .map(ServiceUsers.SECRET_PREFIX::concat)
                    .filter(name -> !tokens.containsKey(name))
                    .toList();
            if (!missing.isEmpty()) {
                throw new ClusterException(missing(namespace, missing));
            }
            return serviceUsers.stream()
                    .collect(Collectors.toMap(user -> user, user -> tokens.get(ServiceUsers.SECRET_PREFIX + user)));
        }
    }

    private static String missing(String namespace, Collection<String> names) {
        return "no token under the key '" + KEY + "' in these Secrets of the namespace " + namespace + ": "
                + String.join(", ", names)
                + ". The chart's IAM creates them for the service users.\nFix: look with `kubectl get secrets --namespace "
                + namespace + "` whether it creates them later or with another name, then run `pulumi up` again.";
    }
}
