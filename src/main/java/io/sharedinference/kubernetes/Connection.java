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
import io.sharedinference.project.Kubeconfig;
import io.sharedinference.project.Kubeconfig.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client for one context of a kubeconfig, with kubectl's semantics. Certificates, tokens, passwords and exec plugins are
 * the client library's own loader's to read. It takes an unknown context for the current one, and leaves out
 * {@code tokenFile}, {@code proxy-url}, impersonation and {@code tls-server-name} (fabric8 kubernetes-client#7951): those are
 * resolved here.
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
     * Nothing is asked of the cluster yet.
     *
     * @throws ClusterException if there is no such context, or none that can be used
     */
    static KubernetesClient open(Optional<Path> kubeconfig, String context, Map<String, String> environment) {
        var access = access(kubeconfig, context, environment);
        var connection = new Connection(access, environment);
        var client = new KubernetesClientBuilder().withConfig(connection.config());
        access.clusterValue("tls-server-name")
                .filter(name -> access.clusterValue("server").orElse("").startsWith("https:"))
                .ifPresent(name -> client.withHttpClientFactory(new NamedServer(name, connection.verifies())));
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
                    .orElseThrow(() -> new ClusterException("the kubeconfig has no context " + context
                            + " with a cluster; it has: " + String.join(", ", read.contexts())
                            + ". Fix: correct shared-inference:context, or name another kubeconfig."));
        } catch (IOException e) {
            throw new ClusterException(
                    "the kubeconfig for the context " + context + " can't be read: " + e.getMessage()
                            + ". Fix: check it with kubectl config get-contexts.",
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
            throw new IllegalStateException("maps and lists of strings are JSON", e);
        }
    }

    /** Read for each request: such files are replaced while a command runs. */
    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the kubeconfig's tokenFile " + file + " can't be read", e);
        }
    }

    /** The kubeconfig's own, whatever the environment says; else the environment's, unless it excepts this host. */
    private Optional<String> proxy() {
        var server = access.clusterValue("server").orElse("");
        return access.clusterValue("proxy-url").or(() -> EnvironmentProxy.of(environment, server));
    }

    private static List<String> list(Object value) {
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
