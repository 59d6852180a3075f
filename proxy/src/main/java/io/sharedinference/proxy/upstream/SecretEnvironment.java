package io.sharedinference.proxy.upstream;

import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Secret's keys as environment variables, as a chart sets them with {@code secretKeyRef}. They never change. */
final class SecretEnvironment implements SecretSource {
    private static final Set<String> KEYS =
            Set.of(letters(MountedSecret.URL), letters(MountedSecret.TOKEN), letters(MountedSecret.CA));

    private final Map<String, String> values;

    private SecretEnvironment(Map<String, String> values) {
        this.values = values;
    }

    static SecretEnvironment of(Map<String, String> environment) {
        Map<String, String> values = new HashMap<>();
        environment.forEach((name, value) -> {
            if (KEYS.contains(letters(name)) && !value.isBlank()) {
                values.put(letters(name), value);
            }
        });
        return new SecretEnvironment(values);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    @Override
    public String name() {
        return "environment: a changed token needs a restart";
    }

    @Override
    public boolean reloads() {
        return false;
    }

    @Override
    public String fix() {
        return "set REMOTE_INFERENCE_API_URL and REMOTE_INFERENCE_API_TOKEN from the Secret inference-api-proxy-secret,"
                + " or mount it at SECRET_DIRECTORY; requests get 503 until then";
    }

    @Override
    public SecretContent read() throws NoSuchFileException {
        return new SecretContent(
                value(MountedSecret.URL),
                value(MountedSecret.TOKEN),
                Optional.ofNullable(values.get(letters(MountedSecret.CA))));
    }

    private String value(String key) throws NoSuchFileException {
        String value = values.get(letters(key));
        if (value == null) {
            throw new NoSuchFileException(key.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
        return value;
    }

    /** remote-inference-api-url, REMOTE_INFERENCE_API_URL and remoteInferenceApiUrl are the same. */
    private static String letters(String name) {
        return name.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
    }
}
