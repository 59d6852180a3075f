package io.sharedinference.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.sharedinference.project.Key;
import io.sharedinference.project.Kubeconfig;
import io.sharedinference.project.Kubeconfig.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates clients for a context of a kubeconfig, with kubectl's semantics. The client library loads certificates, tokens,
 * passwords and exec plugins. It uses the current context instead of an unknown one, and ignores {@code tokenFile},
 * {@code proxy-url}, impersonation and {@code tls-server-name} (fabric8 kubernetes-client#7951), which this class handles.
 */
final class Connection {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Access access;
    private final Map<String, String> environment;

    private Connection(Access access, Map<String, String> environment) {
        this.access = access;
        this.environment = environment;
    }

    /**
     * Sends no request yet.
     *
     * @throws ClusterException if the context does not exist or is not usable
     */
    static KubernetesClient open(Optional<Path> kubeconfig, String context, Map<String, String> environment) {
        var access = access(kubeconfig, context, environment);
        var connection = new Connection(access, environment);
        var client = new KubernetesClientBuilder().withConfig(connection.config());
        access.clusterValue("tls-server-name")
                .filter(name -> access.clusterValue("server").orElse("").startsWith("https:"))
                .ifPresent(
                        name -> client.withHttpClientFactory(new ServerNameClientFactory(name, connection.verifies())));
        access.userValue("as-uid")
                .ifPresent(uid -> client.withHttpClientBuilderConsumer(
                        builder -> builder.addOrReplaceInterceptor("impersonated-uid", new Uid(uid))));
        return client.build();
    }

    private static Access access(Optional<Path> kubeconfig, String context, Map<String, String> environment) {
        try {
            var files = Kubeconfig.files(kubeconfig, environment, Path.of("").toAbsolutePath());
            var read = Kubeconfig.read(files);
            return read.access(context)
                    .filter(access -> access.clusterValue("server").isPresent())
                    .orElseThrow(() -> new ClusterException(
                            "the context " + context
                                    + " does not exist or has no cluster; the kubeconfig has the contexts "
                                    + String.join(", ", read.contexts()) + ".",
                            "correct " + Key.CONTEXT.key() + ", or use another kubeconfig."));
        } catch (IOException e) {
            throw new ClusterException(
                    "cannot read the kubeconfig for the context " + context + ": " + e.getMessage() + ".",
                    "check the kubeconfig with kubectl config get-contexts.",
                    e);
        }
    }

    private boolean verifies() {
        return !access.clusterValue("insecure-skip-tls-verify").equals(Optional.of("true"));
    }

    private Config config() {
        var config = new ConfigBuilder(loaded())
                .withConnectionTimeout(TIMEOUT_MILLIS)
                .withRequestTimeout(TIMEOUT_MILLIS)
                .withRequestRetryBackoffLimit(1);
        access.userValue("tokenFile").map(Path::of).ifPresent(file -> config.withOauthTokenProvider(() -> token(file)));
        proxy().ifPresent(url -> config.withHttpProxy(url).withHttpsProxy(url));
        access.userValue("as").ifPresent(config::withImpersonateUsername);
        config.withImpersonateGroups(list(access.user().get("as-groups")).toArray(String[]::new));
        if (access.user().get("as-user-extra") instanceof Map<?, ?> extra) {
            extra.forEach((key, values) -> config.addToImpersonateExtras(String.valueOf(key), list(values)));
        }
        return config.build();
    }

    private Config loaded() {
        try {
            return Config.fromKubeconfig(JSON.writeValueAsString(access.minified()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a kubeconfig cannot be written as JSON", e);
        }
    }

    /** Reads the file for each request, since it may be replaced at any time. */
    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the kubeconfig's tokenFile " + file, e);
        }
    }

    /** The kubeconfig's proxy-url takes precedence over the environment, including NO_PROXY. */
    private Optional<String> proxy() {
        var server = access.clusterValue("server").orElse("");
        return access.clusterValue("proxy-url").or(() -> EnvironmentProxy.of(environment, server));
    }

    private static List<String> list(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private record Uid(String uid) implements Interceptor {

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            builder.setHeader("Impersonate-Uid", uid);
        }
    }
}
