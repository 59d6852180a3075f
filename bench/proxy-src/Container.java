import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Time from the start of a container's process to the first successful /readyz, in pods of the running sandbox. */
final class Container {
    private static final double TICKS_PER_SECOND = 100;
    private static final String PODS =
            "kubectl -n tenant1 get pods -l app.kubernetes.io/name=inference-api-proxy -o jsonpath='"
                    + "{range .items[*]}{.metadata.uid} {.metadata.name} {.metadata.deletionTimestamp}{\"\\n\"}{end}'";
    /** Requests it in the pod's network namespace, without the delay of a Service. */
    private static final String UNTIL_READY = """
        until { exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 \
            && read -r line <&3 && [[ $line == *' 200 '* ]]; } 2>/dev/null; do sleep 0.005; done\
        """;

    private record Pod(String uid, String name) {}

    private final int times;

    Container(int times) {
        this.times = times;
    }

    List<Figure> measure() throws Exception {
        if (Files.notExists(Path.of("/proc/self/ns/net")) || !sandbox("true")) {
            System.err.println("container: not measured, since no sandbox of this checkout is up (sandbox/up)");
            return List.of();
        }
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            millis.add(replaced());
            System.err.printf("container %d %.0f ms%n", i + 1, millis.getLast());
        }
        return List.of(Figure.atMost(
                500,
                "container: start to ready, in the sandbox, median of " + times,
                ProxyBench.median(millis.stream().mapToDouble(Double::doubleValue)),
                "ms"));
    }

    /** Makes the Deployment create another pod. */
    private static double replaced() throws Exception {
        List<Pod> before = pods();
        String old = before.getFirst().name;
        run("kubectl -n tenant1 delete pod --wait=false " + old);
        List<Pod> added = List.of();
        while (added.isEmpty()) {
            added = pods().stream().filter(pod -> !before.contains(pod)).toList();
        }
        Pod next = added.getFirst();
        long pid = process(next);
        Process ready =
                new ProcessBuilder("nsenter", "--net=/proc/" + pid + "/ns/net", "bash", "-c", UNTIL_READY).start();
        if (!ready.waitFor(60, TimeUnit.SECONDS)) {
            ready.destroy();
            throw new IllegalStateException("the pod " + next.name + " does not become ready");
        }
        double millis = 1000 * (uptime() - startedAt(pid));
        run("kubectl -n tenant1 wait --for=delete --timeout=90s pod/" + old);
        run("kubectl -n tenant1 rollout status --timeout=60s deploy/inference-api-proxy");
        return millis;
    }

    private static List<Pod> pods() throws Exception {
        return run(PODS)
                .lines()
                .map(line -> line.split(" "))
                .filter(columns -> columns.length == 2)
                .map(columns -> new Pod(columns[0], columns[1]))
                .toList();
    }

    /** The pod's proxy, among all processes of the machine. */
    private static long process(Pod pod) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end) {
            try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
                Optional<Long> found = all.map(ProcessHandle::pid)
                        .filter(pid -> read(pid, "cmdline").contains("inference-api-proxy.jar")
                                && read(pid, "cgroup").contains(pod.uid))
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
            Thread.sleep(5);
        }
        throw new IllegalStateException("the pod " + pod.name + " has no process");
    }

    /** In seconds since the machine's boot, to a hundredth. */
    private static double startedAt(long pid) {
        String stat = read(pid, "stat");
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]) / TICKS_PER_SECOND;
    }

    private static double uptime() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static boolean sandbox(String command) throws Exception {
        return start(command).waitFor() == 0;
    }

    private static String run(String command) throws Exception {
        Process process = start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed: " + output);
        }
        return output;
    }

    /** With the sandbox's environment; fails if it is not running. */
    private static Process start(String command) throws IOException {
        return new ProcessBuilder(
                        "bash", "-c", "settings=$(sandbox/env 2>/dev/null) && eval \"$settings\" && " + command)
                .redirectErrorStream(true)
                .start();
    }
}
