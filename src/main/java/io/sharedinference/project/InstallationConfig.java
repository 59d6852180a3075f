package io.sharedinference.project;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A PhariaAI installation of any role.
 *
 * @param name            of the stack
 * @param metadata        labels and annotations of the namespace
 * @param valuesFiles     Helm values files, later ones take precedence; relative paths start at the checkout
 * @param values          inline Helm values, merged over the files
 * @param secretValues    whether the inline values contain encrypted ones
 * @param inferenceApiUrl URL of the inference API for clients, without a trailing slash
 * @param iamUrl          URL of IAM for clients, without a trailing slash
 * @param timeout         time for the release to become ready
 * @param protect         whether the namespace and the release are protected from deletion
 * @param driftIgnore     fields excluded from drift detection
 */
public record InstallationConfig(
        StackName name,
        ClusterConfig cluster,
        String namespace,
        NamespaceMetadata metadata,
        String releaseName,
        Chart chart,
        List<Path> valuesFiles,
        Map<String, Object> values,
        boolean secretValues,
        URI inferenceApiUrl,
        URI iamUrl,
        Duration timeout,
        boolean protect,
        List<IgnoredField> driftIgnore) {

    static final String SHARED_NAMESPACE = "pharia-ai-shared";

    /** Short name of the stack. */
    public String stack() {
        return name.stack();
    }

    /** Name of a configuration key of the stack, with the project's prefix. */
    public String key(Key key) {
        return key.of(name);
    }

    static InstallationConfig read(SettingsReader settings, String defaultNamespace) {
        return new InstallationConfig(
                settings.settings().name(),
                ClusterConfig.read(settings),
                namespace(settings, defaultNamespace),
                NamespaceMetadata.read(settings),
                settings.required(
                        Key.RELEASE_NAME,
                        "must be a DNS label of at most 53 characters",
                        "choose a shorter name, or remove the key to use the default, "
                                + Key.RELEASE_NAME.defaultValue(),
                        name -> Rules.isLabel(name) && name.length() <= 53),
                Chart.read(settings),
                settings.list(Key.VALUES_FILES).stream().map(Path::of).toList(),
                settings.object(Key.VALUES),
                settings.settings().secret(Key.VALUES),
                url(settings, Key.INFERENCE_API_URL, "inference-api"),
                url(settings, Key.IAM_URL, "pharia-iam"),
                Duration.ofSeconds(settings.positiveInt(Key.TIMEOUT_SECONDS)),
                settings.flag(Key.PROTECT),
                driftIgnore(settings));
    }

    private static List<IgnoredField> driftIgnore(SettingsReader settings) {
        return settings.list(Key.DRIFT_IGNORE).stream()
                .flatMap(text -> {
                    var field = IgnoredField.parse(String.valueOf(text));
                    if (field.isEmpty()) {
                        settings.invalid(
                                Key.DRIFT_IGNORE,
                                String.valueOf(text),
                                IgnoredField.RULE,
                                "use the form ConfigMap/trust-bundle:/data/ca.crt or Secret/*:/data/tls.crt");
                    }
                    return field.stream();
                })
                .toList();
    }

    static String namespace(SettingsReader settings, String defaultNamespace) {
        var namespace = settings.string(Key.NAMESPACE).isEmpty()
                ? defaultNamespace
                : settings.label(Key.NAMESPACE, "choose a valid name, or remove the key to use the default");
        if (Rules.isSystemNamespace(namespace)) {
            settings.invalid(
                    Key.NAMESPACE,
                    namespace,
                    "must not be a system namespace: the stack creates its namespace, and deletes it on destroy",
                    "use a separate namespace for each installation: pulumi config set namespace NAME");
        }
        return namespace;
    }

    /** The configured URL, or the chart's default host in the domain. */
    static URI url(SettingsReader settings, Key key, String host) {
        if (settings.string(key).isPresent()) {
            return settings.url(key).orElse(URI.create("https://invalid.invalid"));
        }
        Optional<String> domain = settings.optional(
                Key.DOMAIN, "must be a DNS domain", "use the form ai.example.com, without https://", Rules::isDomain);
        if (settings.string(Key.DOMAIN).isEmpty()) {
            settings.invalid(
                    key,
                    "required value is not set, and neither is "
                            + settings.settings().fullKey(Key.DOMAIN),
                    "set the domain to use https://" + host + ".<domain>, or set this URL");
        }
        return URI.create("https://" + host + "." + domain.orElse("invalid"));
    }
}
