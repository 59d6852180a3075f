package io.sharedinference.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Compiles a copy of the sources with the checkout's Maven wrapper: what is hashed is what is built, and a build that
 * somebody runs in {@code proxy/} at the same time isn't disturbed.
 */
final class MavenCompilation implements Compilation {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final int LINES_SHOWN = 15;

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

    private static int run(Path checkout, Path pom, Path log) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        checkout.resolve("mvnw").toString(),
                        "-q",
                        "-B",
                        "-ntp",
                        "-f",
                        pom.toString(),
                        "-Dmaven.test.skip=true",
                        "-Dimage.skip=false",
                        "package")
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // the stack's config, decrypted, is in there
        builder.environment().keySet().removeIf(name -> name.startsWith("PULUMI_"));
        Process maven = builder.start();
        try {
            maven.getOutputStream().close();
            if (!maven.waitFor(LIMIT.toMinutes(), TimeUnit.MINUTES)) {
                throw new ImageException(
                        "compiling the proxy took over " + LIMIT.toMinutes() + " minutes and was stopped."
                                + " Look whether Maven can reach its repositories. Log: " + log + lastLines(log));
            }
            return maven.exitValue();
        } finally {
            maven.descendants().forEach(ProcessHandle::destroy);
            maven.destroy();
        }
    }

    private static ImageException failure(int exit, Path log) throws IOException {
        String output = Files.readString(log, StandardCharsets.UTF_8);
        if (output.contains("Cannot find matching toolchain")) {
            return new ImageException("the proxy needs a JDK 25 to compile and this machine has none that Maven finds."
                    + " Install a JDK 25 beside the present one (any vendor; Maven's toolchains plugin looks in the"
                    + " usual places and in JAVA25_HOME), or set proxyImage to a prebuilt image. Log: " + log);
        }
        return new ImageException("compiling the proxy failed (Maven's exit code " + exit + "). Correct proxy/, or set"
                + " proxyImage to a prebuilt image. Log: " + log + lastLines(log));
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        List<String> last = lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
        return last.isEmpty() ? "" : "\n  " + String.join("\n  ", last);
    }
}
