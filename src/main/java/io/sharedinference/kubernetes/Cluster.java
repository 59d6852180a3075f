package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.secrets.Token;
import java.io.IOException;
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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What commands want to know of one cluster, and the little that they change. Thread-safe; every method throws {@link ClusterException} when it doesn't answer. */
public final class Cluster implements AutoCloseable {

    private static final String PROXY = "inference-api-proxy";
    private static final int OPS_PORT = 8081;
    private static final String HELM_RECORD = "helm.sh/release.v1";
    private static final Pattern FINGERPRINT = Pattern.compile(
            "^inference_proxy_secret_info\\{[^}]*fingerprint=\"([0-9a-f]+)\"[^}]*} 1(\\.0)?$", Pattern.MULTILINE);
    private static final Pattern RELOADS_NEVER =
            Pattern.compile("^inference_proxy_secret_info\\{[^}]*reload=\"false\"", Pattern.MULTILINE);

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

    /** Of its API server, which answers this to everybody whom it knows. */
    public String version() {
        return ask(() -> client.getKubernetesVersion().getGitVersion());
    }

    /** The newest revision; empty when Helm knows no such release. */
    public Optional<HelmRelease> release(String namespace, String name) {
        var newest = ask(() -> client.secrets()
                        .inNamespace(namespace)
                        .withLabelSelector("owner=helm,name=" + name)
                        .list()
                        .getItems())
                .stream()
                .max(Comparator.comparingInt(Cluster::revision));
        return newest.map(secret -> decode(namespace, secret));
    }

    private static int revision(Secret release) {
        return Integer.parseInt(release.getMetadata().getLabels().getOrDefault("version", "0"));
    }

    private HelmRelease decode(String namespace, Secret secret) {
        try {
            return HelmRelease.decode(namespace, secret);
        } catch (IOException | IllegalArgumentException e) {
            throw new ClusterException(
                    "Helm's Secret " + namespace + "/" + secret.getMetadata().getName() + " in " + context
                            + " isn't as Helm 3 and 4 write it. Look at it with helm status.",
                    e);
        }
    }

    /** When the Secret was made; empty when it isn't there. */
    public Optional<Instant> secretCreated(String namespace, String name) {
        return secret(namespace, name)
                .map(HasMetadata::getMetadata)
                .map(meta -> Instant.parse(meta.getCreationTimestamp()));
    }

    /** When the Secret was last written; empty when there is none. */
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

    /** The token under a key of a Secret; empty when Secret or key isn't there. */
    public Optional<Token> token(String namespace, String name, String key) {
        return secret(namespace, name).flatMap(secret -> token(secret, key));
    }

    /** The tokens under a key of a namespace's Secrets, by the Secret's name; in one request. */
    public Map<String, Token> tokens(String namespace, String key) {
        var secrets = ask(() -> client.secrets()
                .inNamespace(namespace)
                .withoutField("type", HELM_RECORD) // each holds a whole chart and all values
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
                    "the Secret " + secret.getMetadata().getName() + " isn't base64 under the key '" + key + "'", e);
        }
    }

    private Optional<Secret> secret(String namespace, String name) {
        return Optional.ofNullable(
                ask(() -> client.secrets().inNamespace(namespace).withName(name).get()));
    }

    public List<String> secretNames(String namespace) {
        return ask(() -> client.secrets().inNamespace(namespace).list().getItems()).stream()
                .map(secret -> secret.getMetadata().getName())
                .toList();
    }

    /** Whether there is such an object. @param namespace blank where the kind has none */
    public boolean has(String apiVersion, String kind, String namespace, String name) {
        return object(apiVersion, kind, namespace, name).isPresent();
    }

    /**
     * An object as a tree of maps, lists and scalars; empty when it isn't there.
     *
     * @param namespace blank, or any, where the kind has none
     */
    public Optional<Map<?, ?>> object(String apiVersion, String kind, String namespace, String name) {
        return Optional.ofNullable(ask(() -> {
                    var objects = client.genericKubernetesResources(apiVersion, kind);
                    return namespace.isBlank()
                            ? objects.withName(name).get()
                            : objects.inNamespace(namespace).withName(name).get();
                }))
                .map(object -> client.getKubernetesSerialization().convertValue(object, Map.class));
    }

    /** Makes an object. */
    public void create(Map<?, ?> object, String namespace) {
        ask(() -> resource(object, namespace).create());
    }

    /** Replaces an object, if it is still as it was read. @param object with its resourceVersion */
    public void replace(Map<?, ?> object, String namespace) {
        ask(() -> resource(object, namespace).update());
    }

    private Resource<GenericKubernetesResource> resource(Map<?, ?> object, String namespace) {
        var generic = client.getKubernetesSerialization().convertValue(object, GenericKubernetesResource.class);
        return client.genericKubernetesResources(generic.getApiVersion(), generic.getKind())
                .inNamespace(namespace)
                .resource(generic);
    }

    /**
     * Has Helm forget a revision that it was killed at, which otherwise keeps it from every further change. Objects that the
     * revision made already stay; Helm's next change takes them over, since they bear the release's name.
     */
    public void deleteRevision(HelmRelease release) {
        ask(() -> client.secrets()
                .inNamespace(release.namespace())
                .withName("sh.helm.release.v1." + release.name() + ".v" + release.revision())
                .delete());
    }

    public boolean hasNamespace(String name) {
        return ask(() -> client.namespaces().withName(name).get()) != null;
    }

    /** Those that are there to stay: pods on their way out are left out. */
    public List<ProxyPod> proxyPods(String namespace, Map<String, String> labels) {
        return ask(() -> client.pods()
                        .inNamespace(namespace)
                        .withLabels(labels)
                        .list()
                        .getItems())
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(Cluster::proxyPod)
                .toList();
    }

    /**
     * Restarts the Deployments of the pods with these labels, with as many pods serving as their strategy wants.
     *
     * @return their names; empty when no Deployment has such pods
     */
    public List<String> restart(String namespace, Map<String, String> labels) {
        return ask(() -> new Rollout(client, namespace, labels).restart());
    }

    /** What such a restart still waits for; empty when every pod is a new one and serves. */
    public Optional<String> restarting(String namespace, Map<String, String> labels) {
        return ask(() -> new Rollout(client, namespace, labels).pending());
    }

    /** Why this pod is not ready, with the last line of its log; empty when its status does not say. */
    public Optional<String> whyUnready(ProxyPod pod) {
        return unreadyPods(pod.namespace()).stream()
                .filter(unready -> unready.pod().equals(pod.namespace() + "/" + pod.name()))
                .map(UnreadyPod::description)
                .findFirst();
    }

    /** Pods that can't start or don't become ready, and why. */
    List<UnreadyPod> unreadyPods(String namespace) {
        var warnings = ask(() -> client.v1()
                .events()
                .inNamespace(namespace)
                .withField("type", "Warning")
                .list()
                .getItems());
        Function<String, Optional<String>> newest = pod -> warnings.stream()
                .filter(event -> pod.equals(event.getInvolvedObject().getName()))
                .max(Comparator.comparing(event -> String.valueOf(event.getLastTimestamp())))
                .map(Event::getMessage);
        return ask(() -> client.pods().inNamespace(namespace).list().getItems()).stream()
                .flatMap(pod -> UnreadyPod.of(pod, newest).stream())
                .map(unready -> unready.withLog(lastLogLine(unready)))
                .toList();
    }

    /** Empty when the container never ran, or its log may not be read. */
    private String lastLogLine(UnreadyPod unready) {
        try {
            var pod = unready.pod().split("/");
            var log = client.pods()
                    .inNamespace(pod[0])
                    .withName(pod[1])
                    .inContainer(unready.container())
                    .tailingLines(1)
                    .getLog();
            return Optional.ofNullable(log).orElse("");
        } catch (KubernetesClientException e) {
            return "";
        }
    }

    private static ProxyPod proxyPod(Pod pod) {
        var container = proxy(pod);
        var port = container.getPorts().stream()
                .filter(Cluster::isOps)
                .findFirst()
                .map(ContainerPort::getContainerPort)
                .orElse(OPS_PORT);
        var ready = pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
        return new ProxyPod(
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                container.getImage(),
                ready,
                port,
                started(pod, container));
    }

    private static Optional<Instant> started(Pod pod, Container container) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(container.getName()))
                .flatMap(status -> Optional.ofNullable(status.getState()).map(ContainerState::getRunning).stream())
                .map(running -> Instant.parse(running.getStartedAt()))
                .findFirst();
    }

    /** By its name or that of its port: sidecars may come first. In a pod of one container it may be called anything. */
    private static Container proxy(Pod pod) {
        var containers = pod.getSpec().getContainers();
        return containers.stream()
                .filter(container -> container.getName().equals(PROXY))
                .findFirst()
                .or(() -> containers.stream()
                        .filter(container -> container.getPorts().stream().anyMatch(Cluster::isOps))
                        .findFirst())
                .or(() -> containers.stream()
                        .filter(container -> containers.size() == 1)
                        .findFirst())
                .orElseThrow(
                        () -> new ClusterException(
                                "pod " + pod.getMetadata().getNamespace() + "/"
                                        + pod.getMetadata().getName() + " has no container " + PROXY
                                        + " and none with a port ops.\nFix: name the proxy's pods in shared-inference:proxyPodLabels."));
    }

    private static boolean isOps(ContainerPort port) {
        return "ops".equals(port.getName());
    }

    /** The fingerprint of the token that this pod sends to the shared API; empty if it doesn't report one. */
    public Optional<String> fingerprint(ProxyPod pod) {
        return fingerprint(metrics(pod));
    }

    /** Empty while the pod is starting, or when it has just gone. */
    private String metrics(ProxyPod pod) {
        var path = "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name() + ":" + pod.opsPort()
                + "/proxy/metrics";
        try {
            return Optional.ofNullable(client.raw(path)).orElse("");
        } catch (KubernetesClientException e) {
            if (e.getCode() == 0 || e.getCode() == 401 || e.getCode() == 403) {
                throw failure(context, e);
            }
            return "";
        }
    }

    /** Marks a pod, upon which its kubelet looks after its Secrets now and not within a minute or two. Without the right to, it doesn't. */
    public void triggerSecretSync(ProxyPod pod, String mark) {
        try {
            client.pods()
                    .inNamespace(pod.namespace())
                    .withName(pod.name())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), """
                            {"metadata": {"annotations": {"shared-inference/token": "%s"}}}""".formatted(mark));
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403 && e.getCode() != 404) {
                throw failure(context, e);
            }
        }
    }

    /** Whether this pod says that it reads its token only at startup. */
    public boolean needsRestart(ProxyPod pod) {
        return RELOADS_NEVER.matcher(metrics(pod)).find();
    }

    static Optional<String> fingerprint(String metrics) {
        return FINGERPRINT.matcher(metrics).results().map(line -> line.group(1)).findFirst();
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (KubernetesClientException e) {
            throw failure(context, e);
        }
    }

    private static ClusterException failure(String context, Exception e) {
        return new ClusterException(
                "the cluster of context " + context + " can't be asked: " + e.getMessage() + ". Try kubectl --context "
                        + context + " get namespaces: network, login, rights.",
                e);
    }

    @Override
    public void close() {
        client.close();
    }
}
