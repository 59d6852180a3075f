package io.sharedinference.project;

/** Where in its values the chart takes the parts of the proxy's image from; keys joined by dots. */
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
                "must be a path into the chart's values, its parts joined by dots",
                "leave the key out, or write it like " + key.defaultValue(),
                Rules::isValuePath);
    }
}
