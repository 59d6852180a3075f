package io.sharedinference.program;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ProviderResource;
import com.pulumi.resources.ResourceArgs;
import io.sharedinference.project.ClusterConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The Kubernetes plugin for one cluster. Not the SDK's Provider: that one knows no {@code enableSecretMutable}, without
 * which a changed Secret is deleted and made anew under running pods; and it copies {@code $KUBECONFIG} into the state,
 * where a list of files is then taken for a kubeconfig's text. Left out here, the plugin reads the variable by itself, and
 * the state doesn't differ from one machine to the next. A path that is configured is kept as it is written.
 */
@ResourceType(type = "pulumi:providers:kubernetes")
final class ClusterProvider extends ProviderResource {

    public ClusterProvider(ClusterConfig cluster) {
        super(
                "kubernetes",
                "cluster",
                new Args(cluster),
                CustomResourceOptions.builder().version(cluster.pluginVersion()).build());
    }

    private static final class Args extends ResourceArgs {

        @Import(name = "context", required = true)
        private final Output<String> context;

        @Import(name = "kubeconfig")
        private final Output<Optional<String>> kubeconfig;

        @Import(name = "enableServerSideApply", json = true)
        private final Output<Boolean> enableServerSideApply = Output.of(true);

        @Import(name = "enableSecretMutable", json = true)
        private final Output<Boolean> enableSecretMutable = Output.of(true);

        /**
         * Requests at once and per second, since the shared stack reads a Secret per tenant: left at the plugin's own 120 and 50,
         * a preview with 200 tenants waited 1.6 s for nothing. The API server's own limits hold all the same. As text, since
         * the SDK makes 1000.0 of a whole number, which the plugin can't read.
         */
        @Import(name = "kubeClientSettings")
        private final Output<String> kubeClientSettings = Output.of("{\"burst\":1000,\"qps\":500}");

        private Args(ClusterConfig cluster) {
            context = Output.of(cluster.context());
            kubeconfig = Output.of(cluster.kubeconfig().map(Path::toString));
        }
    }
}
