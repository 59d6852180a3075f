package io.sharedinference.project;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks what a stack's configuration refers to: kubeconfig, cluster, chart and the project's other stacks. Read-only.
 */
public final class Preflight {

    private static final String NO_HOST = "it is not a URL with a host";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final Workspace workspace;

    public Preflight(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Runs all checks. Takes up to three seconds if the cluster does not respond. */
    public void check(StackConfig config, Settings settings, Problems problems) {
        config.installed().ifPresent(installation -> checkChart(installation, settings, problems));
        try {
            var kubeconfig = workspace.kubeconfig(config.cluster().kubeconfig());
            checkCluster(config.cluster(), kubeconfig, settings, problems);
            config.installed().ifPresent(installation -> checkNamespace(installation, kubeconfig, settings, problems));
        } catch (IOException e) {
            problems.add(new Problem(
                    settings.fullKey(Key.KUBECONFIG),
                    config.cluster().kubeconfig().map(Path::toString),
                    String.valueOf(e.getMessage()),
                    "set this key or KUBECONFIG to a valid kubeconfig, and check it with kubectl config get-contexts"));
        }
    }

    /** Runs the checks that need neither a cluster nor a kubeconfig. */
    public void checkFiles(StackConfig config, Settings settings, Problems problems) {
        config.installed().ifPresent(installation -> checkChart(installation, settings, problems));
        config.installed()
                .ifPresent(installation -> checkNamespace(
                        installation, workspace.kubeconfigIfAny(config.cluster().kubeconfig()), settings, problems));
    }

    private void checkChart(InstallationConfig installation, Settings settings, Problems problems) {
        if (problems.about(settings.fullKey(Key.CHART))) {
            return;
        }
        var local = installation.chart().local(workspace.checkout());
        if (local.isEmpty()) {
            checkRepository(installation.chart(), settings, problems);
        }
        if (local.isPresent()
                && !Files.isRegularFile(local.get())
                && !Files.isRegularFile(local.get().resolve("Chart.yaml"))) {
            problems.add(new Problem(
                    settings.fullKey(Key.CHART),
                    Optional.of(installation.chart().name()),
                    "chart not found: " + local.get() + " is neither a chart archive nor a directory with a Chart.yaml",
                    "correct the path, use an oci:// reference, or set " + settings.fullKey(Key.CHART_REPOSITORY)
                            + " as well"));
        }
    }

    private void checkRepository(Chart chart, Settings settings, Problems problems) {
        var known = HelmRepositories.of(workspace.environment());
        chart.helmRepository()
                .filter(name -> !known.names().contains(name))
                .ifPresent(name -> problems.add(new Problem(
                        settings.fullKey(Key.CHART),
                        Optional.of(chart.name()),
                        "chart not found: the path does not exist, and the Helm repository " + name
                                + " does not exist in " + known.file() + ", which has "
                                + String.join(", ", known.names()),
                        "run helm repo add " + name + " URL, correct the path, or set "
                                + settings.fullKey(Key.CHART_REPOSITORY) + " as well")));
    }

    private void checkCluster(ClusterConfig cluster, Kubeconfig kubeconfig, Settings settings, Problems problems) {
        if (!problems.about(settings.fullKey(Key.CONTEXT))) {
            contextProblem(cluster.context(), kubeconfig, settings).ifPresent(problems::add);
        }
    }

    private Optional<Problem> contextProblem(String context, Kubeconfig kubeconfig, Settings settings) {
        var key = settings.fullKey(Key.CONTEXT);
        var value = Optional.of(context);
        if (!kubeconfig.contexts().contains(context)) {
            return Optional.of(new Problem(
                    key,
                    value,
                    "context does not exist in the kubeconfig, which has " + String.join(", ", kubeconfig.contexts()),
                    "choose one of these contexts, or another kubeconfig"));
        }
        var server = kubeconfig.server(context);
        if (server.isEmpty()) {
            return Optional.of(new Problem(
                    key,
                    value,
                    "context has no cluster with a server in the kubeconfig",
                    "choose another context, or repair this one with kubectl config set-cluster"));
        }
        return unreachable(server.get())
                .map(cause -> new Problem(
                        key,
                        value,
                        "cannot connect to the API server " + server.get().url() + ": " + cause,
                        "check the VPN, the firewall and the cluster with kubectl --context " + context + " version"));
    }

    /** Why a TCP connection fails; empty if it succeeds or would require a proxy. */
    private Optional<String> unreachable(Kubeconfig.Server server) {
        if (server.proxied()
                || Stream.of("HTTPS_PROXY", "https_proxy")
                        .anyMatch(name ->
                                !workspace.environment().getOrDefault(name, "").isBlank())) {
            return Optional.empty();
        }
        try (var socket = new Socket()) {
            var uri = URI.create(server.url());
            var port = uri.getPort() >= 0 ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443;
            if (uri.getHost() == null) {
                return Optional.of(NO_HOST);
            }
            socket.connect(new InetSocketAddress(uri.getHost().replaceAll("[\\[\\]]", ""), port), (int)
                    CONNECT_TIMEOUT.toMillis());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return Optional.of(NO_HOST);
        }
    }

    private void checkNamespace(
            InstallationConfig installation, Kubeconfig kubeconfig, Settings settings, Problems problems) {
        if (problems.about(settings.fullKey(Key.NAMESPACE)) || problems.about(settings.fullKey(Key.TENANT))) {
            return;
        }
        var here = kubeconfig.identity(installation.cluster().context());
        for (var sibling : new SiblingStacks(workspace, settings).all()) {
            if (!sibling.isHandover()
                    && sibling.namespace().equals(installation.namespace())
                    && sibling.clusterIdentity(workspace).equals(here)) {
                problems.add(new Problem(
                        settings.fullKey(Key.NAMESPACE),
                        Optional.of(installation.namespace()),
                        "namespace is already used in the same cluster by "
                                + sibling.file().getFileName() + " (role " + sibling.role() + ")",
                        "use a separate namespace for each installation: pulumi config set namespace NAME"));
            }
        }
    }
}
