package io.sharedinference.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The proxy's image, by digest: a prebuilt one, the one at the registry for these sources, or a new one. */
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
     * Finds the image, and builds it when the registry has none for the sources in {@code checkout/proxy}.
     * One request to the registry when nothing changed. Safe to call from several processes at once.
     * A build is told on standard output, in a line when it starts and one when it ends.
     *
     * @param preview builds what is missing on this machine only, below {@code checkout/target}, and pushes nothing
     * @throws ImageException if the registry, the build or the base image fails
     */
    public static ImageReference resolve(ProxyImageConfig config, Path checkout, boolean preview) {
        Path absolute = checkout.toAbsolutePath().normalize();
        return new ProxyImage(config, absolute, userCaches(), new MavenCompilation(), System.out::println)
                .resolve(preview);
    }

    /**
     * Whether the registry has the image, as far as the credentials that are there may see it.
     *
     * @throws ImageException if the registry doesn't answer or refuses them
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

    /** The image's name as far as files tell, without a registry: a built one's digest is known when it is built. */
    public static ImageName name(ProxyImageConfig config, Path checkout) {
        return config.prebuilt()
                .map(prebuilt -> ImageName.parse("proxyImage", prebuilt))
                .orElseGet(() -> ImageName.inRepository(
                        "proxyImageRepository", config.repository(), tag(config, ProxySources.of(checkout))));
    }

    private static String tag(ProxyImageConfig config, ProxySources sources) {
        return "src-" + sources.fingerprint(ImageBuild.settings(config)).substring(0, TAG_DIGITS);
    }

    private String build(ImageName name, boolean preview) {
        Path work = checkout.resolve("target/proxy-image");
        Instant start = Instant.now();
        progress.accept("building the proxy's image " + name.tag() + (preview ? ", on this machine only ..." : " ..."));
        try {
            String digest = locked(work, () -> {
                Path files = files(work, name.tag());
                ImageBuild image = new ImageBuild(config, caches);
                return preview ? image.save(files, name, work.resolve(name.tag() + ".tar")) : image.push(files, name);
            });
            progress.accept("the proxy's image " + name.tag() + (preview ? " is built" : " is pushed") + ", "
                    + Duration.between(start, Instant.now()).toSeconds() + " s");
            return digest;
        } catch (IOException e) {
            throw new ImageException(
                    "building the proxy's image in " + work + " failed: " + e
                            + ". Look whether the folder can be written to and whether the disk has space.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("building the proxy's image was interrupted; run it again", e);
        }
    }

    // an update follows its preview at once: what the preview compiled is used again
    private Path files(Path work, String tag) throws IOException, InterruptedException {
        Path folder = work.resolve(tag);
        Path marker = folder.resolve(COMPILED);
        if (Files.exists(marker)) {
            return folder.resolve(Files.readString(marker));
        }
        deleteOldBuilds(work);
        Files.createDirectories(folder);
        Path files = compilation.compile(ProxySources.of(checkout), folder);
        Files.writeString(marker, folder.relativize(files).toString());
        return files;
    }

    private interface Work {
        String run() throws IOException, InterruptedException;
    }

    // stacks are brought up side by side from one checkout
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
        try (Stream<Path> tree = Files.walk(work)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(work) && !path.equals(work.resolve(LOCK))) {
                    Files.delete(path);
                }
            }
        }
    }

    private static ImageException missing(ImageName name) {
        return new ImageException("proxyImage is " + name + " and the registry has no such image."
                + " Push it, correct the reference, or leave proxyImage out so that the image is built from proxy/.");
    }

    private static Path userCaches() {
        Path caches = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return caches.resolve("shared-inference/jib");
    }
}
