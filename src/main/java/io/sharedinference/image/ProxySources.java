package io.sharedinference.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What the proxy's image is made from: the files of a checkout, sorted, relative to it. */
record ProxySources(Path checkout, List<Path> files) {

    private static final Path POM = Path.of("proxy/pom.xml");
    private static final Path MAIN = Path.of("proxy/src/main");
    private static final Path IMAGE = Path.of("proxy/src/image");
    private static final Path MAVEN_VERSION = Path.of(".mvn/wrapper/maven-wrapper.properties");

    static ProxySources of(Path checkout) {
        if (!Files.isRegularFile(checkout.resolve(POM))
                || !Files.isDirectory(checkout.resolve(MAIN))
                || !Files.isDirectory(checkout.resolve(IMAGE))) {
            throw new ImageException("no proxy sources: " + checkout.resolve("proxy")
                    + " has no pom.xml, src/main and src/image."
                    + " Run from a complete checkout, or set proxyImage to a prebuilt image.");
        }
        try (Stream<Path> main = Files.walk(checkout.resolve(MAIN));
                Stream<Path> image = Files.walk(checkout.resolve(IMAGE))) {
            Stream<Path> sources =
                    Stream.concat(main, image).filter(Files::isRegularFile).map(checkout::relativize);
            Stream<Path> settings = Stream.of(POM, MAVEN_VERSION).filter(file -> Files.exists(checkout.resolve(file)));
            return new ProxySources(
                    checkout, Stream.concat(settings, sources).sorted().toList());
        } catch (IOException | UncheckedIOException e) {
            throw new ImageException("can't list " + checkout.resolve("proxy/src") + ": " + e.getMessage(), e);
        }
    }

    /** SHA-256 over names, contents and {@code settings}, in hex; the same on every machine. */
    String fingerprint(List<String> settings) {
        MessageDigest hash = sha256();
        settings.forEach(setting -> add(hash, setting.getBytes(StandardCharsets.UTF_8)));
        for (Path file : files) {
            add(hash, file.toString().replace('\\', '/').getBytes(StandardCharsets.UTF_8));
            add(hash, content(file));
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    /** Copies the files, with their folders, below {@code directory}. */
    void copyTo(Path directory) throws IOException {
        for (Path file : files) {
            Path copy = directory.resolve(file.toString());
            Files.createDirectories(copy.getParent());
            Files.copy(checkout.resolve(file), copy);
        }
    }

    private byte[] content(Path file) {
        try {
            return Files.readAllBytes(checkout.resolve(file));
        } catch (IOException e) {
            throw new ImageException("can't read " + checkout.resolve(file) + ": " + e.getMessage(), e);
        }
    }

    // lengths first, so that moving bytes from a name to its content changes the hash
    private static void add(MessageDigest hash, byte[] bytes) {
        hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        hash.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
