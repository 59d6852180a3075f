package io.sharedinference.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import io.sharedinference.project.Credentials;
import io.sharedinference.project.ImagePlatform;
import io.sharedinference.project.JavaRuntime;
import io.sharedinference.project.ProxyImageConfig;
import io.sharedinference.tls.PrivateCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ProxyImageTest {

    private static final Credentials LOGIN = new Credentials("deployer", "correct-horse-battery");

    @TempDir
    static Path certificates;

    private static SSLContext tls;

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();
    private final CopyingCompilation compilation = new CopyingCompilation();
    private FakeRegistry registry;
    private Path checkout;

    @BeforeAll
    static void certificate() throws Exception {
        tls = PrivateCa.create(certificates, "ip:127.0.0.1").context();
    }

    @BeforeEach
    void start() throws Exception {
        registry = FakeRegistry.open(tls, Optional.empty());
        pushBase(registry, Optional.empty());
        registry.forgetRequests();
        checkout = checkout("first");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void buildsSameDigestInAnotherDirectoryWithEmptyCaches() throws IOException {
        ImageReference first = image(checkout, "caches-1").resolve(false);
        try (FakeRegistry other = FakeRegistry.open(tls, Optional.empty())) {
            ImageReference second = new ProxyImage(
                            config(registry.host() + "/base/glibc:1", other.host() + "/team/proxy"),
                            checkout("second"),
                            directory.resolve("caches-2"),
                            compilation,
                            told::add)
                    .resolve(false);
            assertEquals(first.name().pinnedTag(), second.name().pinnedTag());
        }
        assertTrue(registry.has("team/proxy", first.tag()));
        assertTrue(registry.has("team/proxy", first.digest()));
    }

    @Test
    void previewReportsDigestOfUpdateWithoutPushing() {
        ImageReference previewed = image(checkout, "caches").resolve(true);
        assertEquals(List.of(), registry.writes());
        assertTrue(Files.exists(checkout.resolve("target/proxy-image/" + previewed.tag() + ".tar")));

        ImageReference pushed = image(checkout, "caches").resolve(false);
        assertEquals(previewed, pushed);
        assertTrue(registry.has("team/proxy", pushed.digest()));
        assertEquals(1, compilation.runs, "the update uses what the preview compiled");
    }

    @Test
    void existingTagIsNotRebuilt() {
        ImageReference pushed = image(checkout, "caches").resolve(false);
        registry.forgetRequests();
        told.clear();

        assertEquals(pushed, image(checkout, "other-caches").resolve(false));
        assertEquals(List.of("GET /v2/team/proxy/manifests/" + pushed.tag()), registry.requests());
        assertEquals(1, compilation.runs);
        assertEquals(List.of(), told);
    }

    @Test
    void changedSourceChangesTagAndDigest() throws IOException {
        ImageReference before = image(checkout, "caches").resolve(false);
        Files.writeString(checkout.resolve("proxy/src/main/java/Main.java"), "class Main { int changed; }");
        ImageReference after = image(checkout, "caches").resolve(false);
        assertNotEquals(before.tag(), after.tag());
        assertNotEquals(before.digest(), after.digest());
    }

    @Test
    void changedJvmOptionsChangeTag() throws IOException {
        ImageReference before = image(checkout, "caches").resolve(false);
        Files.writeString(checkout.resolve("proxy/src/image/jvm.options"), "-XX:+UseG1GC");
        assertNotEquals(before.tag(), image(checkout, "caches").resolve(false).tag());
    }

    @Test
    void unrelatedFilesDoNotChangeTag() throws IOException {
        ImageReference before = image(checkout, "caches").resolve(false);
        write(checkout.resolve("proxy/src/test/java/MainTest.java"), "class MainTest {}");
        write(checkout.resolve("proxy/target/classes/Main.class"), "old");
        Files.setLastModifiedTime(checkout.resolve("proxy/pom.xml"), FileTime.fromMillis(0));
        assertEquals(before, image(checkout, "caches").resolve(false));
        assertEquals(1, compilation.runs);
    }

    @Test
    void sendsPasswordOnlyOverTls() throws Exception {
        try (FakeRegistry guarded = FakeRegistry.open(tls, Optional.of(LOGIN))) {
            pushBase(guarded, Optional.of(LOGIN));
            ProxyImageConfig config = new ProxyImageConfig(
                    Optional.empty(),
                    guarded.host() + "/team/proxy",
                    new JavaRuntime.Linked(guarded.host() + "/base/glibc:1"),
                    Optional.of(LOGIN),
                    true);
            ImageReference pushed = new ProxyImage(
                            config, checkout, directory.resolve("caches"), compilation, told::add)
                    .resolve(false);
            assertTrue(guarded.has("team/proxy", pushed.digest()));

            ProxyImageConfig wrong = new ProxyImageConfig(
                    Optional.empty(),
                    guarded.host() + "/team/proxy",
                    new JavaRuntime.Linked(guarded.host() + "/base/glibc:1"),
                    Optional.of(new Credentials("deployer", "wrong-horse")),
                    true);
            ImageException refused = assertThrows(
                    ImageException.class,
                    () -> new ProxyImage(wrong, checkout, directory.resolve("caches"), compilation, told::add)
                            .resolve(false));
            assertTrue(refused.getMessage().contains("proxyRegistryUsername"), refused.getMessage());
            assertShownNowhere(refused, "wrong-horse");
            assertFalse((told + config.toString() + pushed).contains(LOGIN.password()));
        }
    }

    @Test
    void prebuiltDigestNeedsNoRequest() {
        String digest = "sha256:" + "ab".repeat(32);
        ImageReference image =
                prebuilt("registry.example.com/team/proxy@" + digest).resolve(false);
        assertEquals("registry.example.com/team/proxy@" + digest, image.pinned());
        assertEquals("sha256-abababababab@" + digest, image.name().pinnedTag());
        assertEquals(List.of(), registry.requests());
        assertEquals(0, compilation.runs);
    }

    @Test
    void pinsPrebuiltTagToDigestInRegistry() {
        ImageReference pushed = image(checkout, "caches").resolve(false);
        assertEquals(
                pushed,
                prebuilt(registry.host() + "/team/proxy:" + pushed.tag()).resolve(true));
        assertEquals(1, compilation.runs);
    }

    @Test
    void readsDigestWithOneHeadRequestOverPlainHttp() throws IOException {
        try (FakeRegistry plain = FakeRegistry.plain()) {
            String digest = plain.holding("team/proxy", "v1");
            ImageReference image = prebuilt(plain.host() + "/team/proxy:v1").resolve(true);
            assertEquals(plain.host() + "/team/proxy@" + digest, image.pinned());
            assertEquals("v1@" + digest, image.name().pinnedTag());
            assertEquals(List.of("HEAD /v2/team/proxy/manifests/v1"), plain.requests());
        }
    }

    @Test
    void reportsMissingPrebuiltImageWithFix() {
        ImageException missing = assertThrows(
                ImageException.class,
                () -> prebuilt(registry.host() + "/team/proxy:v1").resolve(false));
        assertTrue(missing.getMessage().contains(registry.host() + "/team/proxy:v1"), missing.getMessage());
        assertTrue(missing.getMessage().contains("push the image"), missing.getMessage());
    }

    @Test
    void reportsUnreachableRegistryBeforeBuilding() throws IOException {
        String nobody = "127.0.0.1:" + closedPort();
        ImageException unreachable = assertThrows(
                ImageException.class,
                () -> new ProxyImage(
                                config(registry.host() + "/base/glibc:1", nobody + "/team/proxy"),
                                checkout,
                                directory.resolve("caches"),
                                compilation,
                                told::add)
                        .resolve(false));
        assertTrue(unreachable.getMessage().contains(nobody), unreachable.getMessage());
        assertTrue(unreachable.getMessage().contains("that it is running"), unreachable.getMessage());
        assertEquals(0, compilation.runs);
    }

    @Test
    void reportsMissingBaseImage() {
        ImageException missing = assertThrows(
                ImageException.class,
                () -> new ProxyImage(
                                config(registry.host() + "/base/none:1", registry.host() + "/team/proxy"),
                                checkout,
                                directory.resolve("caches"),
                                compilation,
                                told::add)
                        .resolve(true));
        assertTrue(missing.getMessage().contains("/base/none:1"), missing.getMessage());
        assertTrue(missing.getMessage().contains("proxyBaseImage"), missing.getMessage());
    }

    @Test
    void severalPlatformsArePushedAsOneIndex() throws Exception {
        ImageReference pushed = image(provided(ImagePlatform.values())).resolve(false);

        JsonNode index = json(pushed.digest());
        assertEquals(index, json(pushed.tag()));
        assertEquals(
                "application/vnd.oci.image.index.v1+json",
                index.path("mediaType").asText());
        assertEquals(
                List.of("linux/amd64", "linux/arm64"),
                index.findValues("platform").stream()
                        .map(platform -> platform.path("os").asText() + "/"
                                + platform.path("architecture").asText())
                        .toList());
        for (JsonNode manifest : index.path("manifests")) {
            JsonNode image = json(manifest.path("digest").asText());
            JsonNode config = json(image.at("/config/digest").asText());
            assertEquals(manifest.at("/platform/architecture"), config.path("architecture"));
            assertEquals("65532", config.at("/config/User").asText());
            assertEquals("java", config.at("/config/Entrypoint/0").asText());
            assertFalse(config.at("/config/Entrypoint").toString().contains("AOT"));
            assertEquals(3, image.path("layers").size(), "base, dependencies, proxy; no runtime");
        }
    }

    @Test
    void indexIsPushedToARegistryWithLogin() throws Exception {
        ProxyImageConfig open = provided(ImagePlatform.values());
        try (FakeRegistry guarded = FakeRegistry.open(tls, Optional.of(LOGIN))) {
            ProxyImageConfig config = new ProxyImageConfig(
                    Optional.empty(), guarded.host() + "/team/proxy", open.runtime(), Optional.of(LOGIN), true);
            ImageReference pushed = image(config).resolve(false);
            assertTrue(guarded.has("team/proxy", pushed.digest()));
            assertEquals(image(open).resolve(false).digest(), pushed.digest());
            assertEquals(pushed, image(config).resolve(false), "the second run finds the index");
        }
    }

    @Test
    void previewReportsDigestOfIndexWithoutPushing() throws Exception {
        ProxyImageConfig config = provided(ImagePlatform.values());
        registry.forgetRequests();
        ImageReference previewed = image(config).resolve(true);
        assertEquals(List.of(), registry.writes());
        assertEquals(previewed, image(config).resolve(false));
        assertEquals(1, compilation.runs, "the update uses what the preview compiled");
    }

    @Test
    void onePlatformNeedsNoIndex() throws Exception {
        ImageReference pushed = image(provided(ImagePlatform.LINUX_ARM64)).resolve(false);
        JsonNode config = json(json(pushed.digest()).at("/config/digest").asText());
        assertEquals("arm64", config.path("architecture").asText());
        assertEquals(pushed, image(provided(ImagePlatform.LINUX_ARM64)).resolve(true));
    }

    @Test
    void runtimeAndPlatformsChangeTag() {
        String base = registry.host() + "/base/glibc:1";
        List<String> tags = Stream.of(
                        new JavaRuntime.Linked(base),
                        new JavaRuntime.Provided(base, Optional.of(Set.of(ImagePlatform.LINUX_AMD64))),
                        new JavaRuntime.Provided(base, Optional.of(Set.of(ImagePlatform.LINUX_ARM64))),
                        new JavaRuntime.Provided(base, Optional.of(EnumSet.allOf(ImagePlatform.class))))
                .map(runtime -> ProxyImage.name(withRuntime(runtime), checkout).tag())
                .distinct()
                .toList();
        assertEquals(4, tags.size(), tags.toString());
    }

    @Test
    void nodesDecideOverPlatformsThatAreNotConfigured() {
        String base = registry.host() + "/base/glibc:1";
        ProxyImageConfig open = withRuntime(new JavaRuntime.Provided(base, Optional.empty()));
        Set<ImagePlatform> arm = ImagePlatform.among(Set.of("linux/arm64", "windows/amd64"));
        assertEquals(
                Set.of(ImagePlatform.LINUX_ARM64),
                open.forNodes(() -> arm).runtime().platforms());
        assertEquals(
                EnumSet.allOf(ImagePlatform.class),
                open.forNodes(() -> ImagePlatform.among(Set.of("linux/s390x")))
                        .runtime()
                        .platforms());
        assertEquals(EnumSet.allOf(ImagePlatform.class), open.runtime().platforms(), "without a cluster");
    }

    private ProxyImage image(ProxyImageConfig config) {
        return new ProxyImage(config, checkout, directory.resolve("caches"), compilation, told::add);
    }

    /** On a base image for both platforms. */
    private ProxyImageConfig provided(ImagePlatform... platforms) throws Exception {
        String base = registry.host() + "/base/java:25";
        Path file = write(directory.resolve("java"), "a runtime");
        Jib.fromScratch()
                .setPlatforms(Set.of(new Platform("amd64", "linux"), new Platform("arm64", "linux")))
                .addLayer(List.of(file), "/")
                .containerize(Containerizer.to(RegistryImage.named(base))
                        .setAllowInsecureRegistries(true)
                        .setBaseImageLayersCache(directory.resolve("base-caches"))
                        .setApplicationLayersCache(directory.resolve("base-caches")));
        return withRuntime(new JavaRuntime.Provided(base, Optional.of(EnumSet.copyOf(List.of(platforms)))));
    }

    private ProxyImageConfig withRuntime(JavaRuntime runtime) {
        return new ProxyImageConfig(Optional.empty(), registry.host() + "/team/proxy", runtime, Optional.empty(), true);
    }

    private JsonNode json(String reference) throws IOException {
        return new ObjectMapper().readTree(registry.content("team/proxy", reference));
    }

    private ProxyImage image(Path sources, String caches) {
        return new ProxyImage(
                config(registry.host() + "/base/glibc:1", registry.host() + "/team/proxy"),
                sources,
                directory.resolve(caches),
                compilation,
                told::add);
    }

    private ProxyImage prebuilt(String reference) {
        ProxyImageConfig config = new ProxyImageConfig(
                Optional.of(reference), "", new JavaRuntime.Linked("unused"), Optional.empty(), true);
        return new ProxyImage(config, checkout, directory.resolve("caches"), compilation, told::add);
    }

    private static ProxyImageConfig config(String base, String repository) {
        return new ProxyImageConfig(Optional.empty(), repository, new JavaRuntime.Linked(base), Optional.empty(), true);
    }

    private Path checkout(String name) throws IOException {
        Path root = directory.resolve(name);
        write(root.resolve("proxy/pom.xml"), "<project/>");
        write(root.resolve("proxy/src/main/java/Main.java"), "class Main {}");
        write(root.resolve("proxy/src/main/resources/logging.properties"), "level=INFO");
        write(root.resolve("proxy/src/image/jvm.options"), "-XX:+UseSerialGC");
        return root;
    }

    private void pushBase(FakeRegistry target, Optional<Credentials> login) throws Exception {
        Path file = write(directory.resolve("base-file"), "a base image");
        RegistryImage base = RegistryImage.named(target.host() + "/base/glibc:1");
        login.ifPresent(known -> base.addCredential(known.username(), known.password()));
        Jib.fromScratch()
                .addLayer(List.of(file), "/")
                .containerize(Containerizer.to(base)
                        .setAllowInsecureRegistries(true)
                        .setBaseImageLayersCache(directory.resolve("base-caches"))
                        .setApplicationLayersCache(directory.resolve("base-caches")));
    }

    private static void assertShownNowhere(Throwable thrown, String secret) {
        Predicate<Throwable> shows = link -> link.toString().contains(secret);
        assertFalse(Stream.iterate(thrown, link -> link != null, Throwable::getCause)
                .anyMatch(shows));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /** "Compiles" by copying: its jar changes when the sources do. */
    private static final class CopyingCompilation implements Compilation {

        private int runs;

        @Override
        public Path compile(ProxySources sources, Path directory) throws IOException {
            runs++;
            StringBuilder jar = new StringBuilder();
            for (Path file : sources.files()) {
                jar.append(Files.readString(sources.checkout().resolve(file)));
            }
            write(directory.resolve("out/app/inference-api-proxy.jar"), jar.toString());
            write(directory.resolve("out/app/lib/library.jar"), "a library");
            write(directory.resolve("out/jre/bin/java"), "a runtime").toFile().setExecutable(true);
            return directory.resolve("out");
        }
    }
}
