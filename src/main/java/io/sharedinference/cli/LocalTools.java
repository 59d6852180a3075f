package io.sharedinference.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The local tools other than {@code pulumi}.
 *
 * @param jdks directories that contain JDKs
 */
record LocalTools(Map<String, String> environment, List<Path> jdks) {

    private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+)");
    private static final String JDK_25 = "JAVA_VERSION=\"25";
    private static final long SECONDS = 10;

    /** Searches the directories that Maven's toolchains plugin searches. */
    static LocalTools find() {
        var home = Path.of(System.getProperty("user.home"));
        return new LocalTools(
                System.getenv(),
                List.of(
                        Path.of("/usr/lib/jvm"),
                        Path.of("/usr/java"),
                        Path.of("/opt"),
                        Path.of("/Library/Java/JavaVirtualMachines"),
                        home.resolve("Library/Java/JavaVirtualMachines"),
                        home.resolve(".sdkman/candidates/java"),
                        home.resolve(".jdks"),
                        home.resolve(".m2/jdks")));
    }

    Finding java() {
        return Finding.ok("java", Runtime.version() + " at " + System.getProperty("java.home"));
    }

    /** @param needed whether a proxy image has to be built with a Java runtime of this machine */
    Finding proxyJdk(boolean needed) {
        var found = Stream.concat(
                        Stream.of("JAVA25_HOME", "JAVA_HOME")
                                .flatMap(name ->
                                        Stream.ofNullable(environment.get(name)).map(Path::of)),
                        jdks.stream().flatMap(LocalTools::children))
                .filter(LocalTools::isJdk25)
                .findFirst();
        return found.map(home -> Finding.ok("JDK 25", home.toString()))
                .orElseGet(() -> needed
                        ? Finding.problem(
                                "JDK 25",
                                "not found, but required to build the proxy image",
                                "install a JDK 25 in addition to the current one, set JAVA25_HOME, or set proxyPlatforms or proxyImage")
                        : Finding.ok("JDK 25", "not found; not required by these stacks"));
    }

    Finding helm() {
        var fix = "install Helm 3.13 or later, https://helm.sh/docs/intro/install";
        return output("helm", "version", "--short")
                .map(version -> isAtLeast(version, 3, 13)
                        ? Finding.ok("helm", version)
                        : Finding.problem("helm", version + " is older than 3.13", fix))
                .orElseGet(() -> Finding.warning(
                        "helm", "not found on PATH: render, and previews of chart objects, are not available", fix));
    }

    private static boolean isAtLeast(String version, int major, int minor) {
        var parts = VERSION.matcher(version);
        return parts.find()
                && (Integer.parseInt(parts.group(1)) > major
                        || Integer.parseInt(parts.group(1)) == major && Integer.parseInt(parts.group(2)) >= minor);
    }

    private static Stream<Path> children(Path directory) {
        try (var entries = Files.list(directory)) {
            return entries.flatMap(entry -> Stream.of(entry, entry.resolve("Contents/Home"))).toList().stream();
        } catch (IOException e) {
            return Stream.empty(); // most of them do not exist on most machines
        }
    }

    private static boolean isJdk25(Path home) {
        try {
            return Files.exists(home.resolve("bin/javac"))
                    && Files.readString(home.resolve("release")).contains(JDK_25);
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<String> output(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(output)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
