package io.sharedinference.project;

import java.util.Optional;

/** Reads the source of the proxy image's Java runtime. */
final class ProxyRuntime {

    private ProxyRuntime() {}

    static JavaRuntime read(SettingsReader settings) {
        return read(settings, System.getProperty("os.name").equals("Linux"));
    }

    /** @param linux whether this machine can link a runtime that runs in a container */
    static JavaRuntime read(SettingsReader settings, boolean linux) {
        var linked = baseImage(settings, Key.PROXY_BASE_IMAGE);
        var provided = baseImage(settings, Key.PROXY_JAVA_BASE_IMAGE);
        var platforms = settings.list(Key.PROXY_PLATFORMS);
        platforms.stream()
                .filter(name -> ImagePlatform.of(name).isEmpty())
                .forEach(name -> settings.invalid(
                        Key.PROXY_PLATFORMS,
                        String.valueOf(name),
                        "each must be linux/amd64 or linux/arm64",
                        "correct or remove the entry"));
        if (platforms.isEmpty() && linux) {
            return new JavaRuntime.Linked(linked);
        }
        return new JavaRuntime.Provided(
                provided, platforms.isEmpty() ? Optional.empty() : Optional.of(ImagePlatform.among(platforms)));
    }

    private static String baseImage(SettingsReader settings, Key key) {
        return settings.required(
                key,
                "must be an image reference",
                "remove the key to use the default, " + key.defaultValue(),
                reference -> reference.matches("\\S+"));
    }
}
