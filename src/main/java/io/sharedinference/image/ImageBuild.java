package io.sharedinference.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Makes the image with Jib: no daemon, no clock and no machine's name in it, so equal jars give an equal digest. */
final class ImageBuild {

    /**
     * For a container of 512 MiB: 200 MiB of heap, 128 MiB for network buffers, the rest for code, metaspace and
     * stacks. A heap this small is collected quickest by one thread. Out of memory ends the process: a restart serves
     * better than a process that limps. Buffers that leak are the tests' to find: watching for them costs every
     * request. The last two are what Netty asks of the JVM. JAVA_TOOL_OPTIONS adds to them.
     */
    static final List<String> ENTRYPOINT = List.of(
            "java",
            "-XX:+UseSerialGC",
            "-XX:MaxRAMPercentage=40",
            "-XX:MaxDirectMemorySize=128m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dio.netty.leakDetection.level=disabled",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            "/app/*",
            "io.sharedinference.proxy.Main");

    private static final String NON_ROOT = "65532";
    private static final AbsoluteUnixPath APP = AbsoluteUnixPath.get("/app");
    // to be raised when this class changes the image in a way that ENTRYPOINT doesn't show
    private static final String LAYOUT = "1";

    private final ProxyImageConfig config;
    private final Path caches;

    ImageBuild(ProxyImageConfig config, Path caches) {
        this.config = config;
        this.caches = caches;
    }

    /** What decides over the image besides the sources. */
    static List<String> settings(ProxyImageConfig config) {
        return List.of(LAYOUT, NON_ROOT, String.join("\0", ENTRYPOINT), config.baseImage());
    }

    /** Builds from {@code jars} and pushes as {@code target}. */
    String push(Path jars, ImageName target) {
        return containerize(
                jars,
                target,
                Containerizer.to(Logins.of(target, config.credentials()).image(target)));
    }

    /** Builds from {@code jars} into {@code file}; the digest is the one that a push would give. */
    String save(Path jars, ImageName target, Path file) {
        return containerize(jars, target, Containerizer.to(TarImage.at(file).named(target.forJib())));
    }

    private String containerize(Path jars, ImageName target, Containerizer containerizer) {
        try {
            return image(jars, target)
                    .containerize(containerizer
                            .setAllowInsecureRegistries(config.insecure())
                            .setBaseImageLayersCache(caches.resolve("base"))
                            .setApplicationLayersCache(caches.resolve("application"))
                            .setToolName("shared-inference"))
                    .getDigest()
                    .toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("building " + target + " was interrupted; run it again", e);
        } catch (IOException | RegistryException | ExecutionException | CacheDirectoryCreationException e) {
            throw Failures.of("building " + target + " on " + config.baseImage(), e);
        }
    }

    private JibContainerBuilder image(Path jars, ImageName target) throws IOException {
        return Jib.from(base(target))
                .setFormat(ImageFormat.OCI)
                .setCreationTime(Instant.EPOCH)
                .addFileEntriesLayer(layer("dependencies", jars.resolve("lib")))
                .addFileEntriesLayer(layer("proxy", jars))
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
        return Logins.of(base, shared).image(base);
    }

    // dependencies change rarely: in a layer of their own they are pushed and pulled once
    private static FileEntriesLayer layer(String name, Path folder) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> entry.toString().endsWith(".jar"))
                    .sorted()
                    .forEach(jar ->
                            layer.addEntry(jar, APP.resolve(jar.getFileName().toString())));
        }
        return layer.build();
    }
}
