package io.sharedinference.project;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One PhariaAI installation, whatever its role.
 *
 * @param stack           the plain name of its stack
 * @param metadata        of the namespace
 * @param valuesFiles     the user's, in Helm's order; relative ones lie in the checkout
 * @param values          the user's inline values, merged over the files'
 * @param secretValues    whether the inline values hold something encrypted in the stack's file
 * @param inferenceApiUrl where clients reach inference; without a slash at its end
 * @param iamUrl          where clients reach IAM; without a slash at its end
 * @param timeout         for the release to become ready
 * @param protect         whether the engine refuses to delete what tenants' data or service hangs on
 * @param driftIgnore     fields of the chart's objects that others may change
 */
public record InstallationConfig(
        String stack,
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

    static InstallationConfig read(SettingsReader settings, String defaultNamespace) {
        return new InstallationConfig(
                settings.settings().stack(),
                ClusterConfig.read(settings),
                namespace(settings, defaultNamespace),
                NamespaceMetadata.read(settings),
                settings.required(
                        Key.RELEASE_NAME,
                        "must be a DNS label of at most 53 characters",
                        "leave the key out, or choose a shorter name",
                        text -> Rules.isLabel(text) && text.length() <= 53),
                Chart.read(settings),
                settings.list(Key.VALUES_FILES).stream().map(Path::of).toList(),
                settings.object(Key.VALUES),
                settings.isSecret(Key.VALUES),
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
                                "write it like ConfigMap/trust-bundle:/data/ca.crt, or Secret/*:/data/tls.crt");
                    }
                    return field.stream();
                })
                .toList();
    }

    static String namespace(SettingsReader settings, String otherwise) {
        var namespace = settings.string(Key.NAMESPACE).isEmpty()
                ? otherwise
                : settings.label(Key.NAMESPACE, "choose a well-formed name, or leave the key out");
        if (Rules.isOfCluster(namespace)) {
            settings.invalid(
                    Key.NAMESPACE,
                    namespace,
                    "must not be a namespace of the cluster's own: a stack creates its namespace, and deletes it at its end",
                    "give each installation a namespace of its own: pulumi config set namespace NAME");
        }
        return namespace;
    }

    /** The chart's usual host below the domain, unless the URL itself is configured. */
    static URI url(SettingsReader settings, Key key, String host) {
        if (settings.string(key).isPresent()) {
            return settings.url(key).orElse(URI.create("https://invalid.invalid"));
        }
        Optional<String> domain = settings.optional(
                Key.DOMAIN, "must be a DNS domain", "write it like ai.example.com, without https://", Rules::isDomain);
        if (settings.string(Key.DOMAIN).isEmpty()) {
            settings.invalid(
                    key,
                    "is not set, and " + settings.settings().fullKey(Key.DOMAIN) + " isn't either",
                    "set the domain, which gives https://" + host + ".<domain>, or this URL");
        }
        return URI.create("https://" + host + "." + domain.orElse("invalid"));
    }
}
