package io.sharedinference.html;

import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's Chromium, without a window. Each call is a process of its own with a profile of its own. */
record Browser(Path directory) {

    private static final int LIMIT_MINUTES = 5;

    /** @param log what Chromium and the page's console printed */
    record Visit(String output, String log) {

        /** Messages of the page's scripts, and violations of its policy. */
        List<String> console() {
            return log.lines().filter(line -> line.contains(":CONSOLE")).toList();
        }
    }

    /** @param options one of which says what to do with the page */
    Visit visit(Path page, String... options) throws IOException {
        var profile = Files.createTempDirectory(directory, "profile");
        var output = profile.resolve("output");
        var log = profile.resolve("log");
        var command = new ArrayList<>(List.of(
                Tool.linter("chromium").toString(),
                "--headless=new",
                "--no-sandbox", // root has none
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--enable-logging=stderr",
                "--user-data-dir=" + profile));
        command.addAll(List.of(options));
        command.add(page.toUri().toString());
        var process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(log.toFile())
                .start();
        await(process, log);
        return new Visit(Files.readString(output), Files.readString(log));
    }

    private static void await(Process process, Path log) throws IOException {
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError("chromium failed: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
