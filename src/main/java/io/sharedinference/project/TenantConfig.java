package io.sharedinference.project;

import io.sharedinference.image.Credentials;
import io.sharedinference.image.ProxyImageConfig;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An installation whose inference is elsewhere.
 *
 * @param tenant      its name, as the shared stack knows it
 * @param sharedStack the stack to read from, as {@code organization/project/stack}
 * @param image       where the proxy's image comes from
 * @param imagePaths  where the chart wants to be told
 */
public record TenantConfig(
        InstallationConfig installation,
        String tenant,
        String sharedStack,
        ProxyImageConfig image,
        ImagePaths imagePaths,
        NetworkPolicyConfig networkPolicy)
        implements StackConfig {

    static TenantConfig read(SettingsReader settings) {
        var tenant = settings.label(
                Key.TENANT,
                "set it to the name that the shared stack's list of tenants has: pulumi config set tenant NAME");
        return new TenantConfig(
                InstallationConfig.read(settings, tenant),
                tenant,
                sharedStack(settings),
                image(settings),
                ImagePaths.read(settings),
                NetworkPolicyConfig.read(settings));
    }

    private static String sharedStack(SettingsReader settings) {
        var name = settings.required(
                Key.SHARED_STACK,
                "must be a stack's name, or organization/project/stack",
                "name the stack of the shared installation, usually shared",
                text -> text.matches("[-\\w.]+(/[-\\w.]+/[-\\w.]+)?"));
        var own = settings.settings();
        var full = name.contains("/") ? name : own.organization() + "/" + own.project() + "/" + name;
        if (full.equals(own.organization() + "/" + own.project() + "/" + own.stack())) {
            settings.wrong(
                    Key.SHARED_STACK,
                    name,
                    "must be another stack than this one",
                    "name the stack of the shared installation, usually shared");
        }
        return full;
    }

    private static ProxyImageConfig image(SettingsReader settings) {
        var prebuilt = settings.optional(
                Key.PROXY_IMAGE,
                "must be a registry and a repository, with a tag or a digest of 64 digits",
                "write it like registry.example.com/path/name@sha256:…",
                Rules::isImage);
        var remedy = "name where the built proxy image may be pushed to, like registry.example.com/path/name, or set "
                + settings.settings().full(Key.PROXY_IMAGE);
        var rule = "must be a registry and a repository, without a tag";
        var repository = settings.text(Key.PROXY_IMAGE).isPresent()
                ? settings.optional(Key.PROXY_IMAGE_REPOSITORY, rule, remedy, Rules::isImageRepository)
                        .orElse("")
                : settings.required(Key.PROXY_IMAGE_REPOSITORY, rule, remedy, Rules::isImageRepository);
        var base = settings.required(
                Key.PROXY_BASE_IMAGE,
                "must be an image reference",
                "leave the key out: its default is " + Key.PROXY_BASE_IMAGE.defaultValue(),
                text -> text.matches("\\S+"));
        return new ProxyImageConfig(
                prebuilt, repository, base, credentials(settings), settings.flag(Key.PROXY_REGISTRY_INSECURE));
    }

    private static Optional<Credentials> credentials(SettingsReader settings) {
        return settings.credentials(
                Key.PROXY_REGISTRY_USERNAME,
                Key.PROXY_REGISTRY_PASSWORD,
                "registry",
                "Docker's own configuration is asked");
    }

    @Override
    public ClusterConfig cluster() {
        return installation.cluster();
    }

    @Override
    public Optional<InstallationConfig> installed() {
        return Optional.of(installation);
    }

    @Override
    public void dispatch(
            Consumer<SharedConfig> shared, Consumer<TenantConfig> tenant, Consumer<HandoverConfig> handover) {
        tenant.accept(this);
    }
}
