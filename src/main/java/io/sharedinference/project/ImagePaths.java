package io.sharedinference.project;

/** Dot-separated paths in the chart's values for the parts of the proxy image's reference. */
public record ImagePaths(String registry, String repository, String tag) {

    static ImagePaths read(SettingsReader settings) {
        return new ImagePaths(
                settings.valuePath(Key.PROXY_IMAGE_REGISTRY_PATH),
                settings.valuePath(Key.PROXY_IMAGE_REPOSITORY_PATH),
                settings.valuePath(Key.PROXY_IMAGE_TAG_PATH));
    }
}
