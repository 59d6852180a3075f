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
 * The Kubernetes provider for a cluster. The SDK's Provider does not support {@code enableSecretMutable}, without which a
 * changed Secret is deleted and recreated under running pods. It also copies {@code $KUBECONFIG} into the state, where a list
 * of files would be parsed as a kubeconfig. This class omits it: the provider reads the variable itself, and the state is the
 * same on every machine. A configured path is stored as written.
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
         * Client-side rate limits. With the provider's defaults of 120 and 50, a preview with 200 tenants was throttled for 1.6 s.
         * The API server's limits still apply. A string, since the SDK encodes 1000 as 1000.0, which the provider rejects.
         */
        @Import(name = "kubeClientSettings")
        private final Output<String> kubeClientSettings = Output.of("{\"burst\":1000,\"qps\":500}");

        private Args(ClusterConfig cluster) {
            context = Output.of(cluster.context());
            kubeconfig = Output.of(cluster.kubeconfig().map(Path::toString));
        }
    }
}
