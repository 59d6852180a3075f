package io.sharedinference.proxy.upstream;

import java.util.List;

/** The keys of the mounted Secret, for tests of other packages. */
public final class SecretKeys {
    private SecretKeys() {}

    public static List<String> all() {
        return List.of(MountedSecret.URL, MountedSecret.TOKEN, MountedSecret.CA);
    }
}
