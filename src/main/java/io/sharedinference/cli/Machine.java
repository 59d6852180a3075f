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
 * The tools beside {@code pulumi}.
 *
 * @param jdks directories that have a JDK in each of their own
 */
record Machine(Map<String, String> environment, List<Path> jdks) {

    private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+)");
    private static final String BUILT_WITH = "JAVA_VERSION=\"25";
    private static final long SECONDS = 10;

    /** Looks where Maven's toolchains plugin looks. */
    public static Machine here() {
        var home = Path.of(System.getProperty("user.home"));
        return new Machine(
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

    /** @param needed whether some tenant's proxy image is built */
    Finding proxyJdk(boolean needed) {
        var found = Stream.concat(
                        Stream.of("JAVA25_HOME", "JAVA_HOME")
                                .flatMap(name ->
                                        Stream.ofNullable(environment.get(name)).map(Path::of)),
                        jdks.stream().flatMap(Machine::children))
                .filter(Machine::isJdk25)
                .findFirst();
        return found.map(home -> Finding.ok("JDK 25", home.toString()))
                .orElseGet(() -> needed
                        ? Finding.problem(
                                "JDK 25",
                                "none found, and the proxy's image is built with it",
                                "install a JDK 25 beside the present one, set JAVA25_HOME, or set proxyImage")
                        : Finding.ok("JDK 25", "none found; not needed, since proxyImage is set"));
    }

    Finding helm() {
        var fix = "install Helm 3.13 or later, https://helm.sh/docs/intro/install";
        return output("helm", "version", "--short")
                .map(version -> isAtLeast(version, 3, 13)
                        ? Finding.ok("helm", version)
                        : Finding.problem("helm", version + " is older than 3.13", fix))
                .orElseGet(() -> Finding.warning(
                        "helm", "is not on PATH: render, and preview of the chart's objects, don't work", fix));
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
            return Stream.empty(); // most machines lack most of them
        }
    }

    private static boolean isJdk25(Path home) {
        try {
            return Files.exists(home.resolve("bin/javac"))
                    && Files.readString(home.resolve("release")).contains(BUILT_WITH);
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
