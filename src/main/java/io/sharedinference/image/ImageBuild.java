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
import com.google.cloud.tools.jib.hash.Digests;
import com.google.cloud.tools.jib.image.json.OciIndexTemplate;
import io.sharedinference.project.Credentials;
import io.sharedinference.project.ImagePlatform;
import io.sharedinference.project.JavaRuntime;
import io.sharedinference.project.ProxyImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Builds the image with Jib, reproducibly and without a Docker daemon. */
final class ImageBuild {

    private static final String NON_ROOT = "65532";
    private static final AbsoluteUnixPath APP = AbsoluteUnixPath.get("/app");
    private static final AbsoluteUnixPath RUNTIME = AbsoluteUnixPath.get("/opt/java");
    // increment when this class changes the image other than by settings()
    private static final String LAYOUT = "2";

    private final ProxyImageConfig config;
    private final Path caches;

    ImageBuild(ProxyImageConfig config, Path caches) {
        this.config = config;
        this.caches = caches;
    }

    /** Inputs of the image besides the sources. */
    static List<String> settings(JavaRuntime runtime) {
        return List.of(
                LAYOUT,
                NON_ROOT,
                String.join("\0", runtime.entrypoint()),
                runtime.baseImage(),
                runtime.platforms().toString());
    }

    /**
     * Builds from {@code files}, with {@code app} and, for a linked runtime, {@code jre}, and pushes as {@code target}. With
     * several platforms, {@code target} is an index, and each platform has a tag of its own.
     *
     * @param directory directory for archives
     */
    String push(Path files, ImageName target, Path directory) throws IOException {
        Set<ImagePlatform> platforms = config.runtime().platforms();
        if (platforms.size() == 1) {
            return push(files, target, platforms.iterator().next(), target);
        }
        OciIndexTemplate index = ImageIndex.of(archives(files, target, directory));
        platforms.forEach(platform -> push(files, target, platform, target.forPlatform(platform)));
        return new Registry(config).push(index, target);
    }

    /** Builds from {@code files} into archives in {@code directory}; returns the digest that a push would return. */
    String save(Path files, ImageName target, Path directory) throws IOException {
        Set<ImagePlatform> platforms = config.runtime().platforms();
        if (platforms.size() == 1) {
            return save(files, target, platforms.iterator().next(), archive(directory, target));
        }
        return Digests.computeJsonDigest(ImageIndex.of(archives(files, target, directory)))
                .toString();
    }

    private Map<ImagePlatform, Path> archives(Path files, ImageName target, Path directory) {
        Map<ImagePlatform, Path> archives = new EnumMap<>(ImagePlatform.class);
        for (ImagePlatform platform : config.runtime().platforms()) {
            Path archive = archive(directory, target.forPlatform(platform));
            save(files, target, platform, archive);
            archives.put(platform, archive);
        }
        return archives;
    }

    private static Path archive(Path directory, ImageName name) {
        return directory.resolve(name.tag() + ".tar");
    }

    private String save(Path files, ImageName target, ImagePlatform platform, Path archive) {
        return containerize(
                files, target, platform, Containerizer.to(TarImage.at(archive).named(target.forJib())));
    }

    private String push(Path files, ImageName target, ImagePlatform platform, ImageName name) {
        return containerize(
                files,
                target,
                platform,
                Containerizer.to(
                        CredentialSources.of(name, config.credentials()).image(name)));
    }

    private String containerize(Path files, ImageName target, ImagePlatform platform, Containerizer containerizer) {
        try {
            return image(files, target)
                    .setPlatforms(Set.of(new Platform(platform.architecture(), platform.os())))
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
            throw RegistryErrors.translate(
                    "building " + target + " on " + config.runtime().baseImage(), e);
        }
    }

    private JibContainerBuilder image(Path files, ImageName target) throws IOException {
        JibContainerBuilder image = Jib.from(base(target));
        if (config.runtime() instanceof JavaRuntime.Linked) {
            image.addFileEntriesLayer(tree("runtime", files.resolve("jre"), RUNTIME));
        }
        return image.setFormat(ImageFormat.OCI)
                .setCreationTime(Instant.EPOCH)
                .addFileEntriesLayer(tree("dependencies", files.resolve("app/lib"), APP.resolve("lib")))
                .addFileEntriesLayer(files("proxy", files.resolve("app")))
                .setEntrypoint(config.runtime().entrypoint())
                .setUser(NON_ROOT)
                .setExposedPorts(Port.tcp(8080), Port.tcp(8081))
                .addLabel("org.opencontainers.image.title", "inference-api-proxy")
                .addLabel("org.opencontainers.image.version", target.tag())
                .addLabel("org.opencontainers.image.base.name", config.runtime().baseImage());
    }

    private com.google.cloud.tools.jib.api.RegistryImage base(ImageName target) {
        ImageName base = ImageName.parse(
                config.runtime().baseImageKey().key(), config.runtime().baseImage());
        Optional<Credentials> shared =
                config.credentials().filter(any -> base.registry().equals(target.registry()));
        return CredentialSources.of(base, shared).image(base);
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
