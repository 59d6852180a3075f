package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Requests to the API server of a cluster. Thread-safe. Methods throw {@link ClusterException} if the request fails. */
public final class Cluster implements AutoCloseable {

    private static final String HELM_RELEASE_TYPE = "helm.sh/release.v1";
    private static final String OS = "kubernetes.io/os";
    private static final String ARCHITECTURE = "kubernetes.io/arch";
    private final String context;
    private final KubernetesClient client;

    private Cluster(String context, KubernetesClient client) {
        this.context = context;
        this.client = client;
    }

    /**
     * Sends no request yet.
     *
     * @param checkout directory that a relative kubeconfig path is resolved against
     */
    public static Cluster open(ClusterConfig config, Path checkout) {
        return open(config.kubeconfig().map(checkout::resolve), config.context());
    }

    /**
     * Sends no request yet.
     *
     * @param kubeconfig empty for {@code $KUBECONFIG}, then {@code ~/.kube/config}
     */
    public static Cluster open(Optional<Path> kubeconfig, String context) {
        try {
            return new Cluster(context, Connection.open(kubeconfig, context, System.getenv()));
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw failure(context, e);
        }
    }

    /** Version of the API server. */
    public String version() {
        return request(() -> client.getKubernetesVersion().getGitVersion());
    }

    /** Operating systems and architectures of the nodes that report both, as {@code linux/amd64}. */
    public Set<String> nodePlatforms() {
        return request(() -> client.nodes().list().getItems()).stream()
                .map(node -> Optional.ofNullable(node.getMetadata().getLabels()).orElse(Map.of()))
                .filter(labels -> labels.containsKey(OS) && labels.containsKey(ARCHITECTURE))
                .map(labels -> labels.get(OS) + "/" + labels.get(ARCHITECTURE))
                .collect(Collectors.toSet());
    }

    /** Latest revision of a release; empty if the release does not exist. */
    public Optional<HelmRelease> release(String namespace, String name) {
        var latest = request(() -> client.secrets()
                        .inNamespace(namespace)
                        .withLabelSelector("owner=helm,name=" + name)
                        .list()
                        .getItems())
                .stream()
                .max(Comparator.comparingInt(Cluster::revision));
        return latest.map(secret -> decode(namespace, secret));
    }

    private static int revision(Secret release) {
        return Integer.parseInt(release.getMetadata().getLabels().getOrDefault("version", "0"));
    }

    private HelmRelease decode(String namespace, Secret secret) {
        try {
            return HelmRelease.decode(namespace, secret);
        } catch (IOException | IllegalArgumentException e) {
            throw new ClusterException(
                    "cannot parse Helm's Secret " + namespace + "/"
                            + secret.getMetadata().getName() + " in the context " + context + ".",
                    "check the release with helm status; Helm 3 and 4 are supported.",
                    e);
        }
    }

    /** Creation time of a Secret; empty if it does not exist. */
    public Optional<Instant> secretCreated(String namespace, String name) {
        return secret(namespace, name)
                .map(HasMetadata::getMetadata)
                .map(meta -> Instant.parse(meta.getCreationTimestamp()));
    }

    /** Time of the last write to a Secret; empty if it does not exist. */
    public Optional<Instant> secretChanged(String namespace, String name) {
        return secret(namespace, name)
                .map(HasMetadata::getMetadata)
                .map(meta -> meta.getManagedFields().stream()
                        .map(ManagedFieldsEntry::getTime)
                        .filter(Objects::nonNull)
                        .map(Instant::parse)
                        .max(Comparator.naturalOrder())
                        .orElseGet(() -> Instant.parse(meta.getCreationTimestamp())));
    }

    /** Token in a Secret's key; empty if Secret or key does not exist. */
    public Optional<Token> token(String namespace, String name, String key) {
        return secret(namespace, name).flatMap(secret -> token(secret, key));
    }

    /** Tokens in a key of all Secrets in a namespace, by the Secret's name. Sends one request. */
    public Map<String, Token> tokens(String namespace, String key) {
        var secrets = request(() -> client.secrets()
                .inNamespace(namespace)
                .withoutField("type", HELM_RELEASE_TYPE) // each contains a chart and its values
                .list()
                .getItems());
        var tokens = new HashMap<String, Token>();
        secrets.forEach(secret -> token(secret, key)
                .ifPresent(token -> tokens.put(secret.getMetadata().getName(), token)));
        return tokens;
    }

    private static Optional<Token> token(Secret secret, String key) {
        var data = Optional.ofNullable(secret.getData()).orElse(Map.of()).getOrDefault(key, "");
        try {
            var text = new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
            return Optional.of(text).filter(token -> !token.isBlank()).map(Token::of);
        } catch (IllegalArgumentException e) {
            throw new ClusterException(
                    "the key '" + key + "' of the Secret "
                            + secret.getMetadata().getName() + " is not valid base64.",
                    "restore the Secret, or delete it so that the chart's IAM creates it again.",
                    e);
        }
    }

    private Optional<Secret> secret(String namespace, String name) {
        return Optional.ofNullable(request(
                () -> client.secrets().inNamespace(namespace).withName(name).get()));
    }

    public List<String> secretNames(String namespace) {
        return request(() -> client.secrets().inNamespace(namespace).list().getItems()).stream()
                .map(secret -> secret.getMetadata().getName())
                .toList();
    }

    /** Whether the object exists; the namespace of cluster-scoped kinds is blank. */
    public boolean has(String apiVersion, String kind, String namespace, String name) {
        return object(apiVersion, kind, namespace, name).isPresent();
    }

    /**
     * An object as a tree of maps, lists and scalars; empty if it does not exist.
     *
     * @param namespace ignored for cluster-scoped kinds; may be blank
     */
    public Optional<Map<?, ?>> object(String apiVersion, String kind, String namespace, String name) {
        return Optional.ofNullable(request(() -> {
                    var objects = client.genericKubernetesResources(apiVersion, kind);
                    return namespace.isBlank()
                            ? objects.withName(name).get()
                            : objects.inNamespace(namespace).withName(name).get();
                }))
                .map(object -> client.getKubernetesSerialization().convertValue(object, Map.class));
    }

    /** Creates an object. */
    public void create(Map<?, ?> object, String namespace) {
        request(() -> resource(object, namespace).create());
    }

    /** Replaces an object unless it was modified since its {@code resourceVersion}. */
    public void replace(Map<?, ?> object, String namespace) {
        request(() -> resource(object, namespace).update());
    }

    private Resource<GenericKubernetesResource> resource(Map<?, ?> object, String namespace) {
        var generic = client.getKubernetesSerialization().convertValue(object, GenericKubernetesResource.class);
        return client.genericKubernetesResources(generic.getApiVersion(), generic.getKind())
                .inNamespace(namespace)
                .resource(generic);
    }

    /**
     * Deletes the record of a pending revision, which otherwise blocks every further change. Objects of the revision are kept;
     * the next revision adopts them, since they have the release's labels.
     */
    public void deleteRevision(HelmRelease release) {
        request(() -> client.secrets()
                .inNamespace(release.namespace())
                .withName("sh.helm.release.v1." + release.name() + ".v" + release.revision())
                .delete());
    }

    /** Whether the API server serves a kind. Every account may read that. */
    boolean serves(String apiVersion, String kind) {
        return Optional.ofNullable(request(() -> client.getApiResources(apiVersion))).stream()
                .flatMap(list -> list.getResources().stream())
                .anyMatch(resource -> resource.getKind().equals(kind));
    }

    public boolean hasNamespace(String name) {
        return request(() -> client.namespaces().withName(name).get()) != null;
    }

    /** The proxies of a namespace. Sends no request yet. */
    public ProxyPods proxyPods(String namespace, Map<String, String> labels) {
        return new ProxyPods(this, client, namespace, labels);
    }

    /** Pods that fail to start or become ready, with the reason. */
    List<UnreadyPod> unreadyPods(String namespace) {
        return request(() -> new UnreadyPods(client, namespace).list());
    }

    <T> T request(Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException | UncheckedIOException e) {
            throw failure(e);
        }
    }

    ClusterException failure(Exception e) {
        return failure(context, e);
    }

    private static ClusterException failure(String context, Exception e) {
        return new RequestFailure(context, e).toException();
    }

    @Override
    public void close() {
        client.close();
    }
}
