package io.sharedinference.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Builds the image with Jib, reproducibly and without a Docker daemon. */
final class ImageBuild {

    /**
     * Starts the image's own Java runtime with the options in proxy/src/image. If JAVA_TOOL_OPTIONS are incompatible with the
     * AOT cache, the JVM prints a warning and starts without it.
     */
    static final List<String> ENTRYPOINT = List.of(
            "/opt/java/bin/java",
            "@/app/jvm.options",
            "-Djava.library.path=/app",
            "-XX:AOTCache=/app/proxy.aot",
            "-jar",
            "/app/inference-api-proxy.jar");

    private static final String NON_ROOT = "65532";
    private static final AbsoluteUnixPath APP = AbsoluteUnixPath.get("/app");
    private static final AbsoluteUnixPath RUNTIME = AbsoluteUnixPath.get("/opt/java");
    // increment when this class changes the image other than by ENTRYPOINT
    private static final String LAYOUT = "2";

    private final ProxyImageConfig config;
    private final Path caches;

    ImageBuild(ProxyImageConfig config, Path caches) {
        this.config = config;
        this.caches = caches;
    }

    /** Inputs of the image besides the sources. */
    static List<String> settings(ProxyImageConfig config) {
        return List.of(LAYOUT, NON_ROOT, String.join("\0", ENTRYPOINT), config.baseImage());
    }

    /** Builds the image from {@code jre} and {@code app} in {@code files} and pushes it as {@code target}. Returns its digest. */
    String push(Path files, ImageName target) {
        return containerize(
                files,
                target,
                Containerizer.to(
                        CredentialSources.of(target, config.credentials()).image(target)));
    }

    /** Builds the image into a local file. Returns the digest that a push would return. */
    String save(Path files, ImageName target, Path file) {
        return containerize(files, target, Containerizer.to(TarImage.at(file).named(target.forJib())));
    }

    private String containerize(Path files, ImageName target, Containerizer containerizer) {
        try {
            return image(files, target)
                    .containerize(containerizer
                            .setAllowInsecureRegistries(config.insecure())
                            .setBaseImageLayersCache(caches.resolve("base"))
                            .setApplicationLayersCache(caches.resolve("application"))
                            .setToolName("shared-inference"))
                    .getDigest()
                    .toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("building " + target + " was interrupted.", "run the command again.", e);
        } catch (IOException | RegistryException | ExecutionException | CacheDirectoryCreationException e) {
            throw RegistryErrors.translate("building " + target + " on " + config.baseImage(), e);
        }
    }

    private JibContainerBuilder image(Path files, ImageName target) throws IOException {
        return Jib.from(base(target))
                .setFormat(ImageFormat.OCI)
                .setCreationTime(Instant.EPOCH)
                .setPlatforms(Set.of(new Platform(architecture(), "linux")))
                .addFileEntriesLayer(tree("runtime", files.resolve("jre"), RUNTIME))
                .addFileEntriesLayer(tree("dependencies", files.resolve("app/lib"), APP.resolve("lib")))
                .addFileEntriesLayer(files("proxy", files.resolve("app")))
                .setEntrypoint(ENTRYPOINT)
                .setUser(NON_ROOT)
                .setExposedPorts(Port.tcp(8080), Port.tcp(8081))
                .addLabel("org.opencontainers.image.title", "inference-api-proxy")
                .addLabel("org.opencontainers.image.version", target.tag())
                .addLabel("org.opencontainers.image.base.name", config.baseImage());
    }

    private com.google.cloud.tools.jib.api.RegistryImage base(ImageName target) {
        ImageName base = ImageName.parse("proxyBaseImage", config.baseImage());
        Optional<Credentials> shared =
                config.credentials().filter(any -> base.registry().equals(target.registry()));
        return CredentialSources.of(base, shared).image(base);
    }

    // the runtime is built on this machine
    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }

    // separate layers for content that rarely changes, so that it is pushed and pulled once
    private static FileEntriesLayer tree(String name, Path directory, AbsoluteUnixPath target) throws IOException {
        return FileEntriesLayer.builder()
                .setName(name)
                .addEntryRecursive(directory, target, (file, path) -> permissions(file))
                .build();
    }

    private static FileEntriesLayer files(String name, Path directory) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(file ->
                            layer.addEntry(file, APP.resolve(file.getFileName().toString())));
        }
        return layer.build();
    }

    // independent of the umask
    private static FilePermissions permissions(Path file) {
        return Files.isDirectory(file) || Files.isExecutable(file)
                ? FilePermissions.DEFAULT_FOLDER_PERMISSIONS
                : FilePermissions.DEFAULT_FILE_PERMISSIONS;
    }
}
