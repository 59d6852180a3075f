package io.sharedinference.image;

import io.sharedinference.project.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Compiles a copy of the sources with the checkout's Maven wrapper, so that the hashed sources are those that are built, and a
 * concurrent build in {@code proxy/} is not affected.
 */
final class MavenCompilation implements Compilation {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final int LINES_SHOWN = 15;

    private final String layout;

    /** @param layout the value of the build's property {@code image.runtime} */
    MavenCompilation(String layout) {
        this.layout = layout;
    }

    @Override
    public Path compile(ProxySources sources, Path directory) throws IOException, InterruptedException {
        sources.copyTo(directory);
        Path log = directory.resolve("build.log");
        int exit = run(sources.checkout(), directory.resolve("proxy/pom.xml"), log);
        if (exit != 0) {
            throw failure(exit, log);
        }
        return directory.resolve("proxy/target/image");
    }

    private int run(Path checkout, Path pom, Path log) throws IOException, InterruptedException {
        Process maven = command(checkout, pom, log).start();
        try {
            maven.getOutputStream().close();
            if (!maven.waitFor(LIMIT.toMinutes(), TimeUnit.MINUTES)) {
                throw new ImageException(
                        "compiling the proxy timed out after " + LIMIT.toMinutes() + " minutes, log file " + log + "."
                                + lastLines(log),
                        "check that Maven can reach its repositories.");
            }
            return maven.exitValue();
        } finally {
            maven.descendants().forEach(ProcessHandle::destroy);
            maven.destroy();
        }
    }

    private ProcessBuilder command(Path checkout, Path pom, Path log) {
        ProcessBuilder builder = new ProcessBuilder(
                        checkout.resolve("mvnw").toString(),
                        "-q",
                        "-B",
                        "-ntp",
                        "-f",
                        pom.toString(),
                        "-Dmaven.test.skip=true",
                        "-Dimage.skip=false",
                        "-Dimage.runtime=" + layout,
                        "package")
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // contains the decrypted configuration
        builder.environment().keySet().removeIf(name -> name.startsWith("PULUMI_"));
        return builder;
    }

    private static ImageException failure(int exit, Path log) throws IOException {
        String output = Files.readString(log, StandardCharsets.UTF_8);
        if (output.contains("Cannot find matching toolchain")) {
            return new ImageException(
                    "compiling the proxy failed: no JDK 25 found, log file " + log + ".",
                    "install a JDK 25 of any vendor, set JAVA25_HOME if Maven does not find it, set "
                            + Key.PROXY_PLATFORMS.key()
                            + " to [linux/amd64], for example, to build on a base image with Java instead, set "
                            + Key.PROXY_IMAGE.key() + " to REGISTRY/REPOSITORY@sha256:… of an existing image, or set "
                            + Key.PROXY_IMAGE.key() + " to chart to keep the chart's own proxy.");
        }
        return new ImageException(
                "compiling the proxy failed: Maven exited with code " + exit + ", log file " + log + "."
                        + lastLines(log),
                "correct the sources in proxy/, or set " + Key.PROXY_IMAGE.key() + " to an existing image.");
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        List<String> last = lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
        return last.isEmpty() ? "" : "\n  " + String.join("\n  ", last);
    }
}
