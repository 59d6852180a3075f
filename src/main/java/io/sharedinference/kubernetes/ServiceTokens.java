package io.sharedinference.kubernetes;

import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.secrets.Token;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tokens of service users, each in a Secret created by the chart's IAM. Read in one request instead of a resource per Secret,
 * which the engine reads and stores one by one: an {@code up} with 300 tenants took 344 s.
 */
public final class ServiceTokens {

    public static final String KEY = "token";

    private ServiceTokens() {}

    /**
     * Tokens by service user.
     *
     * @throws ClusterException if a token is missing or blank, or the request fails
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
                throw missing(namespace, missing);
            }
            return serviceUsers.stream()
                    .collect(Collectors.toMap(user -> user, user -> tokens.get(ServiceUsers.SECRET_PREFIX + user)));
        }
    }

    private static ClusterException missing(String namespace, Collection<String> names) {
        return new ClusterException(
                "no token in the key '" + KEY + "' of these Secrets in the namespace " + namespace + ": "
                        + String.join(", ", names) + ". The chart's IAM creates them for the service users.",
                "check the Secrets with kubectl get secrets --namespace " + namespace + ", then run pulumi up again.");
    }
}
