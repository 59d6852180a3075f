import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small POSTs over 64 connections, as fast as the target responds. */
final class Wrk {
    private static final String SCRIPT = """
        wrk.method = "POST"
        wrk.headers["Host"] = "inference-api.tenant.example"
        wrk.headers["User-Agent"] = "bench"
        wrk.headers["Accept"] = "application/json"
        wrk.headers["Content-Type"] = "application/json"
        wrk.headers["Authorization"] = "Bearer %s"
        wrk.body = '%s'
        """.formatted(Lab.USER_TOKEN, Load.BODY);

    /** Result of one round for one target. */
    record Round(double perSecond, double cpuMicros, double p99) {}

    private final Path script;

    Wrk(Lab lab) throws IOException {
        this.script = lab.directory().resolve("post.lua");
        Files.writeString(script, SCRIPT);
    }

    Round measure(Running target, int seconds) throws Exception {
        double cpuBefore = target.cpuSeconds();
        Process process = new ProcessBuilder(
                        "wrk",
                        "-t2",
                        "-c64",
                        "-d" + seconds + "s",
                        "--latency",
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + target.port() + "/complete")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        double cpu = target.cpuSeconds() - cpuBefore;
        if (process.waitFor() != 0 || output.contains("Non-2xx") || output.contains("Socket errors")) {
            throw new IllegalStateException(target.name() + " has failed requests: " + output);
        }
        double requests = Double.parseDouble(find(output, "(\\d+) requests in"));
        return new Round(
                Double.parseDouble(find(output, "Requests/sec:\\s+([\\d.]+)")),
                cpu * 1e6 / requests,
                millis(find(output, "99%\\s+([\\d.]+(us|ms|s))")));
    }

    private static String find(String output, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("wrk said something else: " + output);
        }
        return matcher.group(1);
    }

    private static double millis(String text) {
        double value = Double.parseDouble(text.replaceAll("[a-z]", ""));
        return text.endsWith("us") ? value / 1000 : text.endsWith("ms") ? value : value * 1000;
    }
}
