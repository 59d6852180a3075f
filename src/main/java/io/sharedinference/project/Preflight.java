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
 * Checks what a stack's configuration refers to on this machine and beyond it: kubeconfig, cluster, chart, the project's
 * other stacks. Only looks, and changes nothing.
 */
public final class Preflight {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final Workspace workspace;

    public Preflight(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Takes up to three seconds when the cluster doesn't answer. */
    public void check(StackConfig config, Settings settings, Problems problems) {
        config.installed().ifPresent(installation -> checkChart(installation, settings, problems));
        try {
            var kubeconfig = workspace.kubeconfig(config.cluster().kubeconfig());
            checkCluster(config.cluster(), kubeconfig, settings, problems);
            config.installed().ifPresent(installation -> checkNamespace(installation, kubeconfig, settings, problems));
        } catch (IOException e) {
            problems.add(
                    new Problem(
                            settings.fullKey(Key.KUBECONFIG),
                            config.cluster().kubeconfig().map(Path::toString),
                            e.getMessage(),
                            "set this key or KUBECONFIG to a kubeconfig that can be read, with `kubectl config get-contexts` as a check"));
        }
    }

    /** What files alone tell, on a machine that may have neither a cluster nor a kubeconfig. */
    public void checkFiles(StackConfig config, Settings settings, Problems problems) {
        config.installed().ifPresent(installation -> checkChart(installation, settings, problems));
        config.installed()
                .ifPresent(installation ->
                        checkNamespace(installation, workspace.kubeconfigIfAny(config.cluster()), settings, problems));
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
                    "is no chart on this machine: " + local.get() + " is neither a file nor a folder with a Chart.yaml",
                    "correct the path, or write an oci:// reference, or set " + settings.fullKey(Key.CHART_REPOSITORY)
                            + " as well"));
        }
    }

    private void checkRepository(Chart chart, Settings settings, Problems problems) {
        var known = HelmRepositories.of(workspace.environment());
        chart.repositoryOfHelm()
                .filter(name -> !known.names().contains(name))
                .ifPresent(name -> problems.add(new Problem(
                        settings.fullKey(Key.CHART),
                        Optional.of(chart.name()),
                        "is no chart on this machine: there is no such path, and no repository " + name + " in "
                                + known.file() + ", which has: " + String.join(", ", known.names()),
                        "helm repo add " + name + " URL, or correct the path, or set "
                                + settings.fullKey(Key.CHART_REPOSITORY) + " as well")));
    }

    private void checkCluster(ClusterConfig cluster, Kubeconfig kubeconfig, Settings settings, Problems problems) {
        var key = settings.fullKey(Key.CONTEXT);
        if (problems.about(key)) {
            return;
        }
        var context = Optional.of(cluster.context());
        if (!kubeconfig.contexts().contains(cluster.context())) {
            problems.add(new Problem(
                    key,
                    context,
                    "is no context of the kubeconfig, which has: " + String.join(", ", kubeconfig.contexts()),
                    "choose one of these, or another kubeconfig"));
            return;
        }
        kubeconfig
                .server(cluster.context())
                .ifPresentOrElse(
                        server -> unreachable(server)
                                .ifPresent(why -> problems.add(new Problem(
                                        key,
                                        context,
                                        "the cluster's API server " + server.url() + " can't be reached: " + why,
                                        "check the VPN, the firewall and that the cluster is running; `kubectl --context "
                                                + cluster.context() + " version` tries the same"))),
                        () -> problems.add(new Problem(
                                key,
                                context,
                                "has no cluster with a server in the kubeconfig",
                                "choose another context, or repair this one with `kubectl config set-cluster`")));
    }

    /** Why a plain connection fails; empty too when it would go through a proxy, which this doesn't try. */
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
            socket.connect(new InetSocketAddress(uri.getHost().replaceAll("[\\[\\]]", ""), port), (int)
                    CONNECT_TIMEOUT.toMillis());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (IllegalArgumentException | NullPointerException e) {
            return Optional.of("this is no URL with a host");
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
                        "is the namespace of another installation in the same cluster: "
                                + sibling.file().getFileName() + " (role " + sibling.role() + ")",
                        "give each installation a namespace of its own: pulumi config set namespace NAME"));
            }
        }
    }
}
