package io.sharedinference.image;

import io.sharedinference.project.Key;
import io.sharedinference.project.ProxyImageConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okio.FileSystem;

/** Resolves the proxy image to a digest: an existing image, the registry's image of these sources, or a new build. */
public final class ProxyImage {

    private static final String COMPILED = "compiled";
    private static final String LOCK = "lock";
    private static final int TAG_DIGITS = 12;

    private final ProxyImageConfig config;
    private final Path checkout;
    private final Path caches;
    private final Compilation compilation;
    private final Consumer<String> progress;

    ProxyImage(
            ProxyImageConfig config, Path checkout, Path caches, Compilation compilation, Consumer<String> progress) {
        this.config = config;
        this.checkout = checkout;
        this.caches = caches;
        this.compilation = compilation;
        this.progress = progress;
    }

    /**
     * Resolves the image, and builds it if the registry has none for the sources in {@code checkout/proxy}. Sends one request
     * if nothing changed. Safe for concurrent processes. Prints a line at the start and at the end of a build.
     *
     * @param preview whether to build a missing image only locally, in {@code checkout/target}, without pushing it
     * @throws ImageException if the registry, the build or the base image fails
     */
    public static ImageReference resolve(ProxyImageConfig config, Path checkout, boolean preview) {
        Path absolute = checkout.toAbsolutePath().normalize();
        return new ProxyImage(
                        config,
                        absolute,
                        userCaches(),
                        new MavenCompilation(config.runtime().layout()),
                        System.out::println)
                .resolve(preview);
    }

    /**
     * Whether the registry has the image.
     *
     * @throws ImageException if the registry does not respond or denies access
     */
    public static boolean exists(ProxyImageConfig config, Path checkout) {
        var name = name(config, checkout.toAbsolutePath().normalize());
        return new Registry(config).digest(name).isPresent();
    }

    ImageReference resolve(boolean preview) {
        Registry registry = new Registry(config);
        ImageName name = name(config, checkout);
        if (config.prebuilt().isPresent()) {
            return name.at(name.digest().or(() -> registry.digest(name)).orElseThrow(() -> missing(name)));
        }
        return name.at(registry.digest(name).orElseGet(() -> build(name, preview)));
    }

    /**
     * Builds the image and pushes it, whether or not the registry has it.
     *
     * @param tag empty for the tag that a stack would use, which is computed from the sources
     * @throws ImageException if the registry, the build or the base image fails
     */
    public static ImageReference push(
            ProxyImageConfig config, Path checkout, Optional<String> tag, Consumer<String> progress) {
        Path absolute = checkout.toAbsolutePath().normalize();
        ImageName name = ImageName.inRepository(
                "REPOSITORY", config.repository(), tag.orElseGet(() -> tag(config, ProxySources.of(absolute))));
        Compilation compilation = new MavenCompilation(config.runtime().layout());
        ProxyImage image = new ProxyImage(config, absolute, userCaches(), compilation, progress);
        return name.at(image.build(name, false));
    }

    /** Name of the image, without a request to the registry. The digest of an image to build is unknown. */
    public static ImageName name(ProxyImageConfig config, Path checkout) {
        return config.prebuilt()
                .map(prebuilt -> ImageName.parse(Key.PROXY_IMAGE.key(), prebuilt))
                .orElseGet(() -> ImageName.inRepository(
                        Key.PROXY_IMAGE_REPOSITORY.key(), config.repository(), tag(config, ProxySources.of(checkout))));
    }

    private static String tag(ProxyImageConfig config, ProxySources sources) {
        return "src-"
                + sources.fingerprint(ImageBuild.settings(config.runtime())).substring(0, TAG_DIGITS);
    }

    private String build(ImageName name, boolean preview) {
        Path work = checkout.resolve("target/proxy-image");
        Instant start = Instant.now();
        progress.accept("building the proxy image " + name.tag() + (preview ? " locally ..." : " ..."));
        try {
            String digest = locked(work, () -> {
                Path files = files(work, tag(config, ProxySources.of(checkout)));
                ImageBuild image = new ImageBuild(config, caches);
                return preview ? image.save(files, name, work) : image.push(files, name, work);
            });
            progress.accept("proxy image " + name.tag() + (preview ? " built in " : " pushed in ")
                    + Duration.between(start, Instant.now()).toSeconds() + " s");
            return digest;
        } catch (IOException e) {
            throw new ImageException(
                    "building the proxy image in " + work + " failed: " + e + ".",
                    "check that the directory is writable and the disk has free space.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("building the proxy image was interrupted.", "run the command again.", e);
        }
    }

    // an update reuses what its preview compiled
    private Path files(Path work, String tag) throws IOException, InterruptedException {
        Path directory = work.resolve(tag);
        Path marker = directory.resolve(COMPILED);
        if (Files.exists(marker)) {
            return directory.resolve(Files.readString(marker));
        }
        deleteOldBuilds(work);
        Files.createDirectories(directory);
        Path files = compilation.compile(ProxySources.of(checkout), directory);
        Files.writeString(marker, directory.relativize(files).toString());
        return files;
    }

    private interface Work {
        String run() throws IOException, InterruptedException;
    }

    // several stacks may be deployed from a checkout at the same time
    private static String locked(Path work, Work body) throws IOException, InterruptedException {
        Files.createDirectories(work);
        try (FileChannel file =
                        FileChannel.open(work.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            assert lock.isValid();
            return body.run();
        }
    }

    private static void deleteOldBuilds(Path work) throws IOException {
        try (Stream<Path> builds = Files.list(work)) {
            for (Path build : builds.filter(path -> !path.endsWith(LOCK)).toList()) {
                FileSystem.SYSTEM.deleteRecursively(okio.Path.get(build));
            }
        }
    }

    private static ImageException missing(ImageName name) {
        return new ImageException(
                Key.PROXY_IMAGE.key() + " = \"" + name + "\": the image does not exist in the registry.",
                "push the image, correct the reference, or remove " + Key.PROXY_IMAGE.key()
                        + " to build it from proxy/.");
    }

    private static Path userCaches() {
        Path caches = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(directory -> !directory.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return caches.resolve("shared-inference/jib");
    }
}
