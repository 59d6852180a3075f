package io.sharedinference.program;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * Digest of a local chart, set as the release's description. The provider compares only the release's arguments, so it would
 * not notice an edited chart of the same version.
 */
final class ChartDigest {

    private static final int DIGITS = 16;

    private ChartDigest() {}

    /** @param chart directory or archive */
    static String of(Path chart) {
        try (Stream<Path> files = Files.walk(chart, FileVisitOption.FOLLOW_LINKS)) {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                var name = chart.relativize(file).toString().replace('\\', '/');
                digest.update((name + "\0" + Files.size(file) + "\0").getBytes(StandardCharsets.UTF_8));
                try (var content = new DigestInputStream(Files.newInputStream(file), digest)) {
                    content.transferTo(OutputStream.nullOutputStream());
                }
            }
            return "chart sha256:" + HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (IOException | UncheckedIOException e) {
            throw new DeployException(
                    "cannot read the chart " + chart + ": " + e.getMessage() + ".\nFix: make its files readable.");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not available", e);
        }
    }
}
