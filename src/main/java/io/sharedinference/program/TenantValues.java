package io.sharedinference.program;

import io.sharedinference.image.ImageName;
import io.sharedinference.project.ImagePaths;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A tenant's values: the user's, with the proxy in inference's place and its image pinned by digest. No secret is among them. */
final class TenantValues {

    private TenantValues() {}

    private static final Set<String> IN_THE_SECRET = Set.of("remoteinferenceapiurl", "remoteinferenceapitoken");

    /** Helm keeps values in plain text, and the proxy reads both from its Secret alone. */
    static void check(UserValues user, Problems problems) {
        user.sources()
                .forEach(source -> check(source.name(), "", source.values().tree(), problems));
    }

    private static void check(String source, String parent, Map<?, ?> values, Problems problems) {
        values.forEach((key, value) -> {
            var path = parent + key;
            if (IN_THE_SECRET.contains(letters(key))) {
                problems.add(
                        new Problem(
                                source + ": " + path,
                                "must not be among the values: the proxy has it from the Secret " + ObjectNames.SECRET
                                        + ", which this stack makes of what the shared one hands out",
                                "remove this line; if a token stood there, rotate it, since it has been in a file: ./tenant rotate"));
            } else if (value instanceof Map<?, ?> below) {
                check(source, path + ".", below, problems);
            }
        });
    }

    /** However the chart spells it: remote-inference-api-token, remoteInferenceApiToken, REMOTE_INFERENCE_API_TOKEN. */
    private static String letters(Object key) {
        return key.toString().replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
    }

    static Values of(ImagePaths paths, ImageName image, Values user) {
        return Inference.ELSEWHERE.enforce(user.merge(Values.of(paths.registry(), image.registry()))
                .merge(Values.of(paths.repository(), image.repository()))
                .merge(Values.of(paths.tag(), image.pinnedTag())));
    }
}
