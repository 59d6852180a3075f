package io.sharedinference.config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a stack's configuration refers to on this machine and beyond it: kubeconfig, cluster, chart, the project's other
 * stacks. Only looked at, never changed.
 *
 * @param environment of the process
 * @param checkout    the folder of this program, which relative paths are relative to
 */
public record Surroundings(Map<String, String> environment, Path checkout) {

    /** The variable that says where the stack files are, when the engine doesn't. */
    public static final String PROJECT_FOLDER = "SHARED_INFERENCE_PROJECT";

    /** The variable that says that this run only prepares the import of what is in the cluster. */
    public static final String ADOPTING = "SHARED_INFERENCE_ADOPTING";

    /** In the order in which they count. */
    private static final List<String> STACK_FOLDERS = List.of("PULUMI_ROOT_DIRECTORY", PROJECT_FOLDER);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    public boolean adopting() {
        return environment.containsKey(ADOPTING);
    }

    /** The same with the stack files of another directory. */
    public Surroundings withStackFiles(Path directory) {
        var other = new HashMap<>(environment);
        STACK_FOLDERS.forEach(name -> other.put(name, directory.toString()));
        return new Surroundings(other, checkout);
    }

    /** Takes up to three seconds when the cluster doesn't answer. */
    public void check(StackConfig config, Settings settings, Problems problems) {
        config.installed().ifPresent(installation -> checkChart(installation, settings, problems));
        try {
            var kubeconfig = kubeconfig(config.cluster().kubeconfig());
            checkCluster(config.cluster(), kubeconfig, settings, problems);
            checkSiblings(config, kubeconfig, settings, problems);
        } catch (IOException e) {
            problems.add(
                    new Problem(
                            settings.full(Key.KUBECONFIG),
                            config.cluster().kubeconfig().map(Path::toString),
                            e.getMessage(),
                            "set this key or KUBECONFIG to a kubeconfig that can be read, with `kubectl config get-contexts` as a check"));
        }
    }

    /** What files alone tell, on a machine that may have neither a cluster nor a kubeconfig. */
    public void checkFiles(StackConfig config, Settings settings, Problems problems) {
        config.installed().ifPresent(installation -> checkChart(installation, settings, problems));
        checkSiblings(config, kubeconfigIfAny(config.cluster()), settings, problems);
    }

    /** The project's other stacks that take their token from this shared one, by what their files say. */
    public List<Dependent> dependents(Settings settings, SharedConfig config) {
        var prefix = settings.organization() + "/" + settings.project() + "/";
        return SiblingStacks.of(settings.stack(), settings.project(), stackFolder()).stream()
                .filter(sibling ->
                        Set.of(settings.stack(), prefix + settings.stack()).contains(sibling.sharedStack())
                                || sibling.isHandover() && reads(sibling, config.installation()))
                .map(sibling -> new Dependent(prefix + sibling.stack(), sibling.tenant()))
                .toList();
    }

    /** Whether a shared stack of this project lists the service user whose token is handed over, by what its file says. */
    public boolean announce(Settings settings, HandoverConfig handover) {
        return shared(files(settings), handover).stream()
                .flatMap(shared -> shared.serviceUsers().stream())
                .anyMatch(users -> users.names().contains(handover.serviceUser()));
    }

    /** The shared stack among these that made what a hand-over stack reads; empty when it is another project's. */
    public Optional<SharedConfig> shared(StackFiles files, HandoverConfig handover) {
        return files.readable().values().stream()
                .filter(SharedConfig.class::isInstance)
                .map(SharedConfig.class::cast)
                .filter(shared -> shared.installation().namespace().equals(handover.namespace())
                        && clusterIdentity(shared.cluster()).equals(clusterIdentity(handover.cluster())))
                .findFirst();
    }

    /** What the file of the stack that a tenant takes from says; empty when it isn't of this project or has mistakes in it. */
    public Optional<StackConfig> source(Settings settings, TenantConfig tenant) {
        var name = StackFiles.plainName(tenant.sharedStack());
        var own = settings.organization() + "/" + settings.project() + "/" + name;
        return tenant.sharedStack().equals(own) ? files(settings).readable(name) : Optional.empty();
    }

    private StackFiles files(Settings settings) {
        return new StackFiles(stackFolder(), settings.project(), settings.organization());
    }

    private boolean reads(SiblingStacks.Sibling handover, InstallationConfig shared) {
        return handover.namespace().equals(shared.namespace())
                && clusterIdentity(handover).equals(clusterIdentity(shared.cluster()));
    }

    /**
     * A stack that takes a tenant's token from a shared one.
     *
     * @param stack as {@code organization/project/stack}
     */
    public record Dependent(String stack, String tenant) {}

    private Kubeconfig kubeconfigIfAny(ClusterConfig cluster) {
        try {
            return kubeconfig(cluster.kubeconfig());
        } catch (IOException e) {
            return Kubeconfig.none();
        }
    }

    private Kubeconfig kubeconfig(Optional<Path> configured) throws IOException {
        return Kubeconfig.read(Kubeconfig.files(configured, environment, checkout));
    }

    private void checkChart(InstallationConfig installation, Settings settings, Problems problems) {
        if (problems.about(settings.full(Key.CHART))) {
            return;
        }
        var local = installation.chart().local(checkout);
        if (local.isEmpty()) {
            checkRepository(installation.chart(), settings, problems);
        }
        if (local.isPresent()
                && !Files.isRegularFile(local.get())
                && !Files.isRegularFile(local.get().resolve("Chart.yaml"))) {
            problems.add(new Problem(
                    settings.full(Key.CHART),
                    Optional.of(installation.chart().name()),
                    "is no chart on this machine: " + local.get() + " is neither a file nor a folder with a Chart.yaml",
                    "correct the path, or write an oci:// reference, or set " + settings.full(Key.CHART_REPOSITORY)
                            + " as well"));
        }
    }

    private void checkRepository(Chart chart, Settings settings, Problems problems) {
        var known = HelmRepositories.of(environment);
        chart.repositoryOfHelm()
                .filter(name -> !known.names().contains(name))
                .ifPresent(name -> problems.add(new Problem(
                        settings.full(Key.CHART),
                        Optional.of(chart.name()),
                        "is no chart on this machine: there is no such path, and no repository " + name + " in "
                                + known.file() + ", which has: " + String.join(", ", known.names()),
                        "helm repo add " + name + " URL, or correct the path, or set "
                                + settings.full(Key.CHART_REPOSITORY) + " as well")));
    }

    private void checkCluster(ClusterConfig cluster, Kubeconfig kubeconfig, Settings settings, Problems problems) {
        var key = settings.full(Key.CONTEXT);
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
                        .anyMatch(name -> !environment.getOrDefault(name, "").isBlank())) {
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

    private void checkSiblings(StackConfig config, Kubeconfig kubeconfig, Settings settings, Problems problems) {
        if (config.installed().isPresent()) {
            checkSiblings(config.installed().get(), kubeconfig, settings, problems);
        }
    }

    private void checkSiblings(
            InstallationConfig installation, Kubeconfig kubeconfig, Settings settings, Problems problems) {
        if (problems.about(settings.full(Key.NAMESPACE)) || problems.about(settings.full(Key.TENANT))) {
            return;
        }
        var here = clusterIdentity(kubeconfig, installation.cluster().context());
        for (var sibling : SiblingStacks.of(settings.stack(), settings.project(), stackFolder())) {
            if (!sibling.isHandover()
                    && sibling.namespace().equals(installation.namespace())
                    && clusterIdentity(sibling).equals(here)) {
                problems.add(new Problem(
                        settings.full(Key.NAMESPACE),
                        Optional.of(installation.namespace()),
                        "is the namespace of another installation in the same cluster: "
                                + sibling.file().getFileName() + " (role " + sibling.role() + ")",
                        "give each installation a namespace of its own: pulumi config set namespace NAME"));
            }
        }
    }

    /** Contexts of different names may lead to the same cluster, so its server is what counts. */
    private static String clusterIdentity(Kubeconfig kubeconfig, String context) {
        return kubeconfig.server(context).map(Kubeconfig.Server::url).orElse(context);
    }

    private String clusterIdentity(ClusterConfig cluster) {
        return clusterIdentity(kubeconfigIfAny(cluster), cluster.context());
    }

    private String clusterIdentity(SiblingStacks.Sibling sibling) {
        try {
            return clusterIdentity(kubeconfig(sibling.kubeconfig()), sibling.context());
        } catch (IOException e) {
            return sibling.context();
        }
    }

    /** Where the stack files are: with `main:` in Pulumi.yaml that is not the checkout, and older engines don't tell. */
    private Path stackFolder() {
        return STACK_FOLDERS.stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(folder -> !folder.isBlank())
                .map(checkout::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(checkout);
    }
}
