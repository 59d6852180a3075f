package io.sharedinference.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.telemetry.Log;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountedSecretTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Log log = new Log(output);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void readsBothFilesIgnoringSurroundingWhitespace() throws IOException {
        Target target = assertInstanceOf(SecretState.Usable.class, read("https://api.example.com\n", " tok\n"))
                .target();
        assertEquals("Bearer tok", credentials(target));
        assertEquals(
                new Endpoint("api.example.com", 443, Optional.of(TrustedCertificates.platform())), target.endpoint());
    }

    @ParameterizedTest
    @CsvSource({
        "http://h,               h,   80,   false",
        "HTTP://h:8080/base/,    h,   8080, false",
        "https://h/,             h,   443,  true",
        "http://[::1]:81,        ::1, 81,   false",
    })
    void understandsUrls(String url, String host, int port, boolean tls) {
        assertEquals(
                new Endpoint(
                        host, port, Optional.of(TrustedCertificates.platform()).filter(trust -> tls)),
                Targets.target(url, "t").endpoint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shared",
                "ftp://h",
                "http://",
                "http:///x",
                "http://u:p@h",
                "http://h?q",
                "http://h#f",
                "http://h:99999",
                "http://a b",
                "//h"
            })
    void rejectsOtherUrls(String url) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Targets.target(url, "hidden-token"));
        assertTrue(refused.getMessage().startsWith(MountedSecret.URL), refused.getMessage());
        assertFalse(refused.getMessage().contains("hidden-token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two words", "line\nbreak", "nul\u0000", "\u00e9"})
    void rejectsTokensThatAreInvalidInAHeader(String token) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Targets.target("http://h", token));
        assertTrue(refused.getMessage().startsWith(MountedSecret.TOKEN), refused.getMessage());
    }

    @Test
    void reportsTheMissingFile() throws IOException {
        Files.writeString(directory.resolve(MountedSecret.URL), "http://h");
        try (MountedSecret secret = watch(Duration.ofHours(1))) {
            SecretState.Unusable state = assertInstanceOf(SecretState.Unusable.class, secret.current());
            assertTrue(state.reason().contains(MountedSecret.TOKEN), state.reason());
        }
    }

    /** The kubelet creates the link to a new file after it has switched to the new version. */
    @Test
    void readsANewFileAtOnce() throws IOException {
        Path version = Files.createDirectory(directory.resolve("..2"));
        Files.writeString(version.resolve(MountedSecret.URL), "https://h");
        Files.writeString(version.resolve(MountedSecret.TOKEN), "t");
        Files.writeString(version.resolve(MountedSecret.CA), "no PEM");
        Files.createSymbolicLink(directory.resolve("..data"), version.getFileName());
        try (MountedSecret secret = watch(Duration.ofHours(1))) {
            SecretState.Unusable state = assertInstanceOf(SecretState.Unusable.class, secret.current());
            assertTrue(state.reason().startsWith(MountedSecret.CA), state.reason());
        }
    }

    @Test
    void detectsChangesAndRemoval() throws Exception {
        read("http://one", "a");
        try (MountedSecret secret = watch(Duration.ofMillis(10))) {
            Files.writeString(directory.resolve(MountedSecret.TOKEN), "b");
            await(secret, "Bearer b");
            Files.delete(directory.resolve(MountedSecret.TOKEN));
            await(secret, "");
            Files.writeString(directory.resolve(MountedSecret.TOKEN), "c");
            await(secret, "Bearer c");
        }
    }

    @Test
    void theFingerprintDistinguishesTokensWithoutRevealingThem() throws IOException {
        Target target = assertInstanceOf(SecretState.Usable.class, read("http://h", "hidden-token"))
                .target();
        log.close();
        String logged = output.toString(StandardCharsets.UTF_8);
        assertTrue(logged.contains("\"token_fingerprint\":\"" + target.tokenFingerprint() + "\""), logged);
        assertEquals("a1f1aa8ef402490a", target.tokenFingerprint());
        assertFalse((logged + target + ServiceToken.parse("hidden-token")).contains("hidden-token"));
    }

    private SecretState read(String url, String token) throws IOException {
        Files.writeString(directory.resolve(MountedSecret.URL), url);
        Files.writeString(directory.resolve(MountedSecret.TOKEN), token);
        try (MountedSecret secret = watch(Duration.ofHours(1))) {
            return secret.current();
        }
    }

    private MountedSecret watch(Duration interval) {
        return MountedSecret.watch(
                new SecretDirectory(directory),
                interval,
                TrustedCertificates.platform(),
                log,
                new PrometheusRegistry());
    }

    private static void await(MountedSecret secret, String credentials) throws InterruptedException {
        long end = System.nanoTime() + 5_000_000_000L;
        while (!credentials.equals(credentials(secret.current()))) {
            assertTrue(System.nanoTime() < end, "still " + secret.current());
            Thread.sleep(5);
        }
    }

    private static String credentials(SecretState state) {
        return switch (state) {
            case SecretState.Usable(Target target) -> credentials(target);
            case SecretState.Unusable unusable -> "";
        };
    }

    private static String credentials(Target target) {
        ByteBuf out = Unpooled.buffer();
        target.writeCredentials(out);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
