package io.sharedinference.project;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Source of the image's Java runtime. It determines where the image can be built, and its platforms. */
public sealed interface JavaRuntime {

    /** Reference of the image that the layers are added to. */
    String baseImage();

    /** Configuration key of the base image. */
    Key baseImageKey();

    /** Platforms of the image; several make an index. */
    Set<ImagePlatform> platforms();

    List<String> entrypoint();

    /** Layout of the proxy's build output: the value of its property {@code image.runtime}. */
    String layout();

    /** With jlink from this Linux machine's JDK, with an AOT cache; runs on this machine's platform only. */
    record Linked(String baseImage) implements JavaRuntime {

        @Override
        public Key baseImageKey() {
            return Key.PROXY_BASE_IMAGE;
        }

        @Override
        public Set<ImagePlatform> platforms() {
            return Set.of(ImagePlatform.ofThisMachine());
        }

        // The JVM starts without the AOT cache, and reports it, when an option in JAVA_TOOL_OPTIONS does not fit the
        // cache
        @Override
        public List<String> entrypoint() {
            return List.of(
                    "/opt/java/bin/java",
                    "@/app/jvm.options",
                    "-Djava.library.path=/app",
                    "-XX:AOTCache=/app/proxy.aot",
                    "-jar",
                    "/app/inference-api-proxy.jar");
        }

        @Override
        public String layout() {
            return "linked";
        }
    }

    /**
     * The runtime of the base image. The image can be built on any machine.
     *
     * @param baseImage  has Java 25 or later as {@code java} on its PATH
     * @param configured platforms; empty for those of the cluster's nodes
     */
    record Provided(String baseImage, Optional<Set<ImagePlatform>> configured) implements JavaRuntime {

        public static final String DEFAULT_BASE_IMAGE = "gcr.io/distroless/java25-debian13:nonroot";

        @Override
        public Key baseImageKey() {
            return Key.PROXY_JAVA_BASE_IMAGE;
        }

        /** All, unless the configuration or the cluster limits them. */
        @Override
        public Set<ImagePlatform> platforms() {
            return configured.orElseGet(() -> ImagePlatform.among(Set.of()));
        }

        // the path of java differs between public images
        @Override
        public List<String> entrypoint() {
            return List.of(
                    "java", "@/app/jvm.options", "-Djava.library.path=/app", "-jar", "/app/inference-api-proxy.jar");
        }

        @Override
        public String layout() {
            return "provided";
        }
    }
}
