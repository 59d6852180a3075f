package io.sharedinference.project;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Configuration of a stack with the role {@code tenant}: an installation that uses the shared inference.
 *
 * @param tenant      the tenant's name in the shared stack's list of tenants
 * @param sharedStack the stack whose outputs are read
 * @param image       source of the proxy image; empty for the chart's own proxy
 * @param imagePaths  paths in the chart's values that the image is written to
 */
public record TenantConfig(
        InstallationConfig installation,
        String tenant,
        StackName sharedStack,
        Optional<ProxyImageConfig> image,
        ImagePaths imagePaths,
        ProxyEnvironment environment,
        NetworkPolicyConfig networkPolicy,
        MonitoringConfig monitoring)
        implements StackConfig.Installed {

    /** The value of {@code proxyImage} that keeps the chart's own proxy. */
    public static final String CHART = "chart";

    private static final String NAME_SHARED_STACK = "set it to the shared installation's stack, usually shared";

    static TenantConfig read(SettingsReader settings) {
        var tenant = settings.tenant();
        var image = image(settings);
        return new TenantConfig(
                InstallationConfig.read(settings, tenant),
                tenant,
                sharedStack(settings),
                image,
                ImagePaths.read(settings),
                ProxyEnvironment.read(settings, image.isPresent()),
                NetworkPolicyConfig.read(settings),
                MonitoringConfig.read(settings));
    }

    private static StackName sharedStack(SettingsReader settings) {
        var configured = settings.required(
                Key.SHARED_STACK,
                "must be STACK or ORGANIZATION/PROJECT/STACK",
                NAME_SHARED_STACK,
                name -> name.matches("[-\\w.]+(/[-\\w.]+/[-\\w.]+)?"));
        var own = settings.settings().name();
        var qualified = own.resolve(configured);
        if (qualified.equals(own)) {
            settings.invalid(Key.SHARED_STACK, configured, "must not be this stack itself", NAME_SHARED_STACK);
        }
        return qualified;
    }

    /**
     * Defaults to the chart's own proxy: the first up does not change a chart that works, and needs neither a registry nor a
     * JDK 25.
     */
    private static Optional<ProxyImageConfig> image(SettingsReader settings) {
        var configured = settings.string(Key.PROXY_IMAGE)
                .or(() -> settings.string(Key.PROXY_IMAGE_REPOSITORY))
                .orElse(CHART);
        return configured.equals(CHART) ? Optional.empty() : Optional.of(ownImage(settings));
    }

    private static ProxyImageConfig ownImage(SettingsReader settings) {
        var prebuilt = settings.optional(
                Key.PROXY_IMAGE,
                "must be chart, or REGISTRY/REPOSITORY, optionally with a tag or a sha256 digest",
                "use the form registry.example.com/path/name@sha256:…",
                Rules::isImage);
        var repository = settings.optional(
                        Key.PROXY_IMAGE_REPOSITORY,
                        "must be REGISTRY/REPOSITORY without a tag",
                        "set it to the repository to push the proxy image to, for example registry.example.com/path/name,"
                                + " or set " + settings.settings().fullKey(Key.PROXY_IMAGE),
                        Rules::isImageRepository)
                .orElse("");
        return new ProxyImageConfig(
                prebuilt,
                repository,
                ProxyRuntime.read(settings),
                credentials(settings),
                settings.flag(Key.PROXY_REGISTRY_INSECURE));
    }

    private static Optional<Credentials> credentials(SettingsReader settings) {
        return settings.credentials(
                Key.PROXY_REGISTRY_USERNAME,
                Key.PROXY_REGISTRY_PASSWORD,
                "registry",
                "to use the credentials in Docker's configuration");
    }

    @Override
    public void dispatch(
            Consumer<SharedConfig> shared, Consumer<TenantConfig> tenant, Consumer<HandoverConfig> handover) {
        tenant.accept(this);
    }
}
