package io.sharedinference.image;

import io.sharedinference.project.Key;
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

/** Source files of the proxy image, sorted and relative to the checkout. */
record ProxySources(Path checkout, List<Path> files) {

    private static final Path POM = Path.of("proxy/pom.xml");
    private static final Path MAIN = Path.of("proxy/src/main");
    private static final Path IMAGE = Path.of("proxy/src/image");
    private static final Path MAVEN_VERSION = Path.of(".mvn/wrapper/maven-wrapper.properties");

    static ProxySources of(Path checkout) {
        if (!Files.isRegularFile(checkout.resolve(POM))
                || !Files.isDirectory(checkout.resolve(MAIN))
                || !Files.isDirectory(checkout.resolve(IMAGE))) {
            throw new ImageException(
                    "proxy sources not found: " + checkout.resolve("proxy")
                            + " must contain pom.xml, src/main and src/image.",
                    "run from a complete checkout, or set " + Key.PROXY_IMAGE.key() + " to an existing image.");
        }
        try (Stream<Path> main = Files.walk(checkout.resolve(MAIN));
                Stream<Path> image = Files.walk(checkout.resolve(IMAGE))) {
            Stream<Path> sources =
                    Stream.concat(main, image).filter(Files::isRegularFile).map(checkout::relativize);
            Stream<Path> settings = Stream.of(POM, MAVEN_VERSION).filter(file -> Files.exists(checkout.resolve(file)));
            return new ProxySources(
                    checkout, Stream.concat(settings, sources).sorted().toList());
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(checkout.resolve("proxy/src"), e);
        }
    }

    /** Hexadecimal SHA-256 of names, contents and {@code settings}; independent of the machine. */
    String fingerprint(List<String> settings) {
        MessageDigest hash = sha256();
        settings.forEach(setting -> add(hash, setting.getBytes(StandardCharsets.UTF_8)));
        for (Path file : files) {
            add(hash, file.toString().replace('\\', '/').getBytes(StandardCharsets.UTF_8));
            add(hash, content(file));
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    /** Copies the files with their directories to {@code directory}. */
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
            throw unreadable(checkout.resolve(file), e);
        }
    }

    private static ImageException unreadable(Path path, Exception cause) {
        return new ImageException(
                "cannot read " + path + ": " + cause.getMessage() + ".", "make the proxy's sources readable.", cause);
    }

    // includes lengths, so that moving bytes from a name to its content changes the hash
    private static void add(MessageDigest hash, byte[] bytes) {
        hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        hash.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not available", e);
        }
    }
}
