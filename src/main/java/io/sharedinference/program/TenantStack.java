package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.core.internal.Constants;
import com.pulumi.deployment.Deployment;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import io.sharedinference.image.ImageException;
import io.sharedinference.image.ImageName;
import io.sharedinference.image.ImageReference;
import io.sharedinference.image.ProxyImage;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.kubernetes.ReleaseWatch;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.ImagePlatform;
import io.sharedinference.project.Key;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.secrets.Token;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The role {@code tenant}: reads the shared stack's outputs, then declares the installation with the proxy. */
public final class TenantStack {

    private TenantStack() {}

    /**
     * @param source   configuration of the referenced stack, if it belongs to this project
     * @param listener called when the release is declared
     * @param problems found so far; reported together with those found here
     * @throws io.sharedinference.project.ConfigException before any object is declared, if there are problems
     */
    public static void deploy(
            Context ctx,
            TenantConfig config,
            Path checkout,
            Optional<StackConfig> source,
            ReleaseListener listener,
            Problems problems) {
        var user = userValues(config, checkout, problems);
        var access = SharedAccess.read(ctx, config, source, problems);
        access.ifPresent(shared -> checkNamespace(config, shared, problems));
        problems.throwIfAny(ctx.stackName());

        var shared = access.orElseThrow();
        var image = image(config, checkout);
        var values = values(config, user, image.map(ImageReference::name));
        var installation = new Installation(
                "tenant", config.installation(), values, checkout, options -> prerequisites(config, shared, options));
        ReleaseWatch.start(ctx, config.installation(), checkout, installation.status());
        listener.release(config.installation(), values, installation.status());
        outputs(config, shared, image).export(ctx);
    }

    /** Reads the user's values and checks them against the tenant role. Does not access the cluster. */
    public static UserValues userValues(TenantConfig config, Path checkout, Problems problems) {
        var user = UserValues.read(config.installation(), checkout, problems);
        InferenceMode.REMOTE.check(user, problems);
        TenantValues.check(user, problems);
        return user;
    }

    /** The values of the release, computed without the cluster; without an image, the chart's own is used. */
    public static Values values(TenantConfig config, UserValues user, Optional<ImageName> image) {
        return TenantValues.of(config.imagePaths(), image, config.environment(), user.merged());
    }

    private static void checkNamespace(TenantConfig config, SharedAccess shared, Problems problems) {
        var namespace = config.installation().namespace();
        if (config.networkPolicy().sharedApiNamespace().isPresent() && namespace.equals(shared.namespace())) {
            problems.add(new Problem(
                    config.installation().key(Key.NAMESPACE),
                    Optional.of(namespace),
                    "already used by the shared installation in the same cluster",
                    "use another namespace for the tenant: pulumi config set namespace NAME"));
        }
    }

    private static Optional<ImageReference> image(TenantConfig config, Path checkout) {
        try {
            return config.image()
                    .map(image -> ProxyImage.resolve(
                            image.forNodes(() -> nodePlatforms(config.cluster(), checkout)),
                            checkout,
                            Deployment.getInstance().isDryRun()));
        } catch (ImageException e) {
            throw new DeployException(e.getMessage());
        }
    }

    /** All platforms if the nodes cannot be listed: a namespace's admin may lack the permission. */
    static Set<ImagePlatform> nodePlatforms(ClusterConfig config, Path checkout) {
        try (var cluster = Cluster.open(config, checkout)) {
            return ImagePlatform.among(cluster.nodePlatforms());
        } catch (ClusterException e) {
            return ImagePlatform.among(Set.of());
        }
    }

    private static List<Resource> prerequisites(
            TenantConfig config, SharedAccess shared, CustomResourceOptions options) {
        var namespace = config.installation().namespace();
        var declared = new ArrayList<Resource>();
        declared.add(ProxySecret.declare(namespace, shared, options));
        if (config.networkPolicy().enabled()) {
            declared.addAll(
                    ProxyNetworkPolicy.declare(namespace, config.networkPolicy(), shared.inferenceApiUrl(), options));
        }
        if (config.monitoring().enabled()) {
            declared.add(new PodMonitor(config, options));
        }
        return declared;
    }

    private static TenantOutputs outputs(TenantConfig config, SharedAccess shared, Optional<ImageReference> image) {
        return new TenantOutputs(
                config.installation().inferenceApiUrl(),
                image.map(ImageReference::pinned).orElse(TenantConfig.CHART),
                config.installation().namespace(),
                shared.token().map(Token::fingerprint).orElse(Constants.UnknownValue));
    }
}
