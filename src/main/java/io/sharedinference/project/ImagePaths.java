package io.sharedinference.project;

/** Dot-separated paths in the chart's values for the parts of the proxy image's reference. */
public record ImagePaths(String registry, String repository, String tag) {

    static ImagePaths read(SettingsReader settings) {
        return new ImagePaths(
                path(settings, Key.PROXY_IMAGE_REGISTRY_PATH),
                path(settings, Key.PROXY_IMAGE_REPOSITORY_PATH),
                path(settings, Key.PROXY_IMAGE_TAG_PATH));
    }

    private static String path(SettingsReader settings, Key key) {
        return settings.required(
                key,
                Rules.VALUE_PATH_RULE,
                "remove the key to use the default, " + key.defaultValue(),
                Rules::isValuePath);
    }
}
