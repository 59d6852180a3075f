package io.sharedinference.usage;

import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Debian's Prometheus on a loopback port, with the samples of a test. */
public final class RealPrometheus implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("Listening on\" address=(127\\.0\\.0\\.1:\\d+)");
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Process process;
    private final Path log;

    private RealPrometheus(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param openMetrics samples with timestamps */
    public static RealPrometheus with(Path directory, String openMetrics) {
        return with(directory, openMetrics, "100y");
    }

    public static RealPrometheus with(Path directory, String openMetrics, String retention) {
        try {
            var input = Files.writeString(directory.resolve("samples.txt"), openMetrics + "# EOF\n");
            var data = directory.resolve("data");
            run(
                    directory,
                    Tool.linter("promtool").toString(),
                    "tsdb",
                    "create-blocks-from",
                    "openmetrics",
                    input.toString(),
                    data.toString());
            return start(directory, data, retention);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RealPrometheus start(Path directory, Path data, String retention) throws IOException {
        var config = Files.writeString(directory.resolve("prometheus.yml"), "");
        var log = directory.resolve("prometheus.log");
        var process = new ProcessBuilder(
                        Tool.linter("prometheus").toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + data,
                        "--storage.tsdb.retention.time=" + retention,
                        "--web.listen-address=127.0.0.1:0",
                        "--log.level=info")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var prometheus = new RealPrometheus(process, log);
        prometheus.awaitReady();
        return prometheus;
    }

    private static void run(Path directory, String... command) throws IOException {
        var log = directory.resolve("promtool.log");
        var process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(Files.readString(log));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    public URI url() {
        try {
            var matcher = ADDRESS.matcher(Files.readString(log));
            if (!matcher.find()) {
                throw new IllegalStateException("no address");
            }
            return URI.create("http://" + matcher.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() throws IOException {
        var deadline = Instant.now().plus(START_LIMIT);
        while (!ready()) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                close();
                throw new IllegalStateException(Files.readString(log));
            }
            pause();
        }
    }

    private boolean ready() {
        try {
            var connection =
                    (HttpURLConnection) url().resolve("/-/ready").toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException | IllegalStateException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
