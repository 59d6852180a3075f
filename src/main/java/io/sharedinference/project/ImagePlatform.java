package io.sharedinference.project;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A platform that the proxy has native libraries for. */
public enum ImagePlatform {
    LINUX_AMD64("amd64"),
    LINUX_ARM64("arm64");

    private final String architecture;

    ImagePlatform(String architecture) {
        this.architecture = architecture;
    }

    public static Optional<ImagePlatform> of(String name) {
        return Arrays.stream(values())
                .filter(platform -> platform.toString().equals(name))
                .findFirst();
    }

    /** The platforms in {@code names}; all if it has none of them. In the order of this enum, so that equal sets give equal images. */
    public static Set<ImagePlatform> among(Collection<String> names) {
        Set<ImagePlatform> known = EnumSet.allOf(ImagePlatform.class);
        known.removeIf(platform -> !names.contains(platform.toString()));
        return Collections.unmodifiableSet(known.isEmpty() ? EnumSet.allOf(ImagePlatform.class) : known);
    }

    /** The processor of this machine, whatever its operating system. */
    static ImagePlatform ofThisMachine() {
        return System.getProperty("os.arch").equals("aarch64") ? LINUX_ARM64 : LINUX_AMD64;
    }

    public String os() {
        return "linux";
    }

    public String architecture() {
        return architecture;
    }

    /** As Docker and Kubernetes write it. */
    @Override
    public String toString() {
        return os() + "/" + architecture;
    }
}
