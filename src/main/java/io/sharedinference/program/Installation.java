package io.sharedinference.program;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.core.v1.NamespacePatch;
import com.pulumi.kubernetes.core.v1.NamespacePatchArgs;
import com.pulumi.kubernetes.helm.v3.Release;
import com.pulumi.kubernetes.helm.v3.ReleaseArgs;
import com.pulumi.kubernetes.helm.v3.inputs.RepositoryOptsArgs;
import com.pulumi.kubernetes.helm.v3.outputs.ReleaseStatus;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaPatchArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import io.sharedinference.project.Chart;
import io.sharedinference.project.InstallationConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A PhariaAI installation: namespace, prerequisites of the chart, and Helm release. */
final class Installation extends ComponentResource {

    private static final int MAX_HISTORY = 5; // each revision is a Secret with all values

    private final ClusterProvider cluster;
    private final Release release;

    /**
     * @param checkout      directory where relative paths start
     * @param prerequisites declares the namespace's resources that the release depends on, with the given options
     */
    public Installation(
            String name,
            InstallationConfig config,
            Values values,
            Path checkout,
            Function<CustomResourceOptions, List<Resource>> prerequisites) {
        super(ObjectNames.COMPONENT_TYPE, name);
        cluster = new ClusterProvider(config.cluster());
        var namespace = namespace(name, config);
        var dependencies = new ArrayList<Resource>(List.of(namespace));
        if (!config.metadata().isEmpty()) {
            dependencies.add(metadata(name, config, namespace));
        }
        dependencies.addAll(prerequisites.apply(options(List.of(namespace))));
        release = release(name, config, values, checkout, dependencies);
        registerOutputs(Map.of());
    }

    /** Status of the release; unknown in a preview that changes it, so that dependent reads wait for the update. */
    public Output<ReleaseStatus> status() {
        return release.status();
    }

    /** Ignores labels and annotations, so that those of an imported namespace are kept. */
    private Namespace namespace(String name, InstallationConfig config) {
        return new Namespace(
                name + "-namespace",
                NamespaceArgs.builder()
                        .metadata(ObjectMetaArgs.builder()
                                .name(config.namespace())
                                .build())
                        .build(),
                CustomResourceOptions.merge(
                        protectedBy(config, List.of()),
                        CustomResourceOptions.builder()
                                .ignoreChanges(List.of("metadata.labels", "metadata.annotations"))
                                .build()));
    }

    /** A separate resource, so that it only removes what it added. */
    private NamespacePatch metadata(String name, InstallationConfig config, Namespace namespace) {
        return new NamespacePatch(
                name + "-namespace-metadata",
                NamespacePatchArgs.builder()
                        .metadata(ObjectMetaPatchArgs.builder()
                                .name(config.namespace())
                                .labels(config.metadata().labels())
                                .annotations(config.metadata().annotations())
                                .build())
                        .build(),
                options(List.of(namespace)));
    }

    private Release release(
            String name, InstallationConfig config, Values values, Path checkout, List<Resource> dependencies) {
        var args = ReleaseArgs.builder()
                .name(config.releaseName())
                .namespace(config.namespace())
                .chart(config.chart().name())
                .values(values(config, values))
                .allowNullValues(true) // otherwise the provider also drops empty lists
                .atomic(true)
                .maxHistory(MAX_HISTORY)
                .timeout((int) config.timeout().toSeconds())
                .waitForJobs(true);
        config.chart().version().ifPresent(args::version);
        config.chart().local(checkout).map(ChartDigest::of).ifPresent(args::description);
        config.chart().repository().ifPresent(url -> args.repositoryOpts(repository(url, config.chart())));
        return new Release(name + "-release", args.build(), protectedBy(config, dependencies));
    }

    private static RepositoryOptsArgs repository(String url, Chart chart) {
        var repository = RepositoryOptsArgs.builder().repo(url);
        chart.credentials()
                .ifPresent(login -> repository.username(login.username()).password(Output.ofSecret(login.password())));
        return repository.build();
    }

    /** JSON instead of a map, since the SDK drops nulls from maps. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Output<Map<String, Object>> values(InstallationConfig config, Values values) {
        Output json = config.secretValues() ? Output.ofSecret(values.json()) : Output.of(values.json());
        return json;
    }

    /** For resources with user data or that all clients depend on. */
    private CustomResourceOptions protectedBy(InstallationConfig config, List<Resource> dependsOn) {
        return CustomResourceOptions.merge(
                options(dependsOn),
                CustomResourceOptions.builder().protect(config.protect()).build());
    }

    private CustomResourceOptions options(List<Resource> dependsOn) {
        return CustomResourceOptions.builder()
                .parent(this)
                .provider(cluster)
                .dependsOn(dependsOn)
                .build();
    }
}
