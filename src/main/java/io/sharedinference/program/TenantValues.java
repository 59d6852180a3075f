package io.sharedinference.program;

import io.sharedinference.image.ImageName;
import io.sharedinference.project.ImagePaths;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.ProxyEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Helm values of a tenant: the user's, with the proxy enabled instead of inference and its image pinned by digest. No secrets. */
final class TenantValues {

    private TenantValues() {}

    private static final Set<String> SECRET_KEYS = Set.of("remoteinferenceapiurl", "remoteinferenceapitoken");

    /** Helm stores values in plain text, and the proxy reads URL and token only from its Secret. */
    static void check(UserValues user, Problems problems) {
        user.sources()
                .forEach(source -> check(source.name(), "", source.values().tree(), problems));
    }

    private static void check(String source, String parent, Map<?, ?> values, Problems problems) {
        values.forEach((key, value) -> {
            var path = parent + key;
            if (SECRET_KEYS.contains(normalized(key))) {
                problems.add(new Problem(
                        source + ": " + path,
                        "must not be set: the proxy reads it from the Secret " + ObjectNames.SECRET
                                + ", which this stack creates from the shared stack's outputs",
                        "remove this line; if it contained a token, rotate it: ./tenant rotate"));
            } else if (value instanceof Map<?, ?> nested) {
                check(source, path + ".", nested, problems);
            }
        });
    }

    /** Matches remote-inference-api-token, remoteInferenceApiToken and REMOTE_INFERENCE_API_TOKEN alike. */
    private static String normalized(Object key) {
        return key.toString().replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
    }

    static Values of(ImagePaths paths, Optional<ImageName> image, ProxyEnvironment environment, Values user) {
        var values = image.map(own -> user.merge(Values.of(paths.registry(), own.registry()))
                        .merge(Values.of(paths.repository(), own.repository()))
                        .merge(Values.of(paths.tag(), own.pinnedTag())))
                .orElse(user);
        return InferenceMode.REMOTE.enforce(withEnvironment(environment, values));
    }

    private static Values withEnvironment(ProxyEnvironment environment, Values values) {
        if (environment.variables().isEmpty()) {
            return values;
        }
        return values.merge(Values.of(
                environment.path(),
                switch (environment.format()) {
                    case MAP -> environment.variables();
                    case LIST -> list(environment.variables(), values.at(environment.path()));
                }));
    }

    /** Helm replaces lists, so the user's own variables of other names are copied. */
    private static List<Object> list(Map<String, String> variables, Optional<Object> configured) {
        var list = new ArrayList<Object>();
        if (configured.isPresent() && configured.get() instanceof List<?> own) {
            own.stream()
                    .filter(entry -> !(entry instanceof Map<?, ?> map && variables.containsKey(map.get("name"))))
                    .forEach(list::add);
        }
        variables.forEach((name, value) -> list.add(Map.of("name", name, "value", value)));
        return list;
    }
}
