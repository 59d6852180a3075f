import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Cost of limits that are not exceeded, and the latency of one user while another floods the API with streams. */
final class Limits {
    private static final int SECONDS = Integer.getInteger("bench.seconds", 4);
    private static final int WARM_UPS = 6;
    private static final int FLOOD = 500;
    private static final int SAMPLES = Integer.getInteger("bench.samples", 500);
    private static final String NEVER_REACHED = "900000000000";
    private static final Map<String, String> HIGH = Map.of(
            "MAX_REQUESTS",
            NEVER_REACHED,
            "MAX_USER_REQUESTS",
            NEVER_REACHED,
            "REQUESTS_PER_MINUTE",
            NEVER_REACHED,
            "USER_REQUESTS_PER_MINUTE",
            NEVER_REACHED,
            "TOKENS_PER_MINUTE",
            NEVER_REACHED,
            "USER_TOKENS_PER_MINUTE",
            NEVER_REACHED,
            "QUEUE_TIMEOUT",
            "30s");
    private static final Map<String, String> FAIR =
            Map.of("MAX_REQUESTS", "200", "MAX_USER_REQUESTS", "100", "QUEUE_TIMEOUT", "10m");
    private static final byte[] REQUEST = EventClient.request(Lab.OTHER_USER_TOKEN);

    private final Lab lab;
    private final int rounds;

    Limits(Lab lab, int rounds) {
        this.lab = lab;
        this.rounds = rounds;
    }

    List<Figure> measure() throws Exception {
        List<Figure> figures = new ArrayList<>(cost());
        figures.addAll(flood());
        return figures;
    }

    /** Alternates, so that a change of the machine's speed affects both. */
    private List<Figure> cost() throws Exception {
        Running origin = lab.origin();
        Running off = lab.proxy("limits-off", Map.of(), origin.port());
        Running on = lab.proxy("limits-on", HIGH, origin.port());
        Wrk wrk = new Wrk(lab);
        for (int i = 0; i < WARM_UPS; i++) {
            wrk.measure(off, 2);
            wrk.measure(on, 2);
        }
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            without.add(wrk.measure(off, SECONDS).cpuMicros());
            with.add(wrk.measure(on, SECONDS).cpuMicros());
            System.err.printf("round %d off %7.2f us, on %7.2f us%n", i + 1, without.getLast(), with.getLast());
        }
        List.of(off, on, origin).forEach(lab::stop);
        return List.of(
                Figure.of("limits: CPU per request, none set", median(without), "us"),
                Figure.of("limits: CPU per request, all set and none reached", median(with), "us"),
                Figure.atMost(
                        1.03, "limits: CPU per request, all set / none set", median(with) / median(without), "x"));
    }

    private List<Figure> flood() throws Exception {
        int originPort = Running.freePort();
        Running origin = lab.start(
                "event-origin",
                originPort,
                Map.of(),
                List.of(
                        Lab.javaCommand(),
                        "-XX:+UseSerialGC",
                        "bench/proxy-src/EventOrigin.java",
                        String.valueOf(originPort),
                        "STAMP"));
        Running proxy = lab.proxy("limits-flood", FAIR, originPort);
        firstBytes(proxy.port());
        List<Double> alone = new ArrayList<>();
        List<Double> flooded = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            alone.add(firstBytes(proxy.port()));
            flooded.add(firstBytesDuringFlood(proxy.port()));
            System.err.printf("round %d alone %7.3f ms, flooded %7.3f ms%n", i + 1, alone.getLast(), flooded.getLast());
        }
        lab.stop(proxy);
        lab.stop(origin);
        return List.of(
                Figure.of("limits: p99 to the first byte, alone", median(alone), "ms"),
                Figure.of(
                        "limits: p99 to the first byte, while another user opens " + FLOOD + " streams",
                        median(flooded),
                        "ms"),
                Figure.atMost(
                        2, "limits: p99 to the first byte, flooded / alone", median(flooded) / median(alone), "x"));
    }

    private static double firstBytesDuringFlood(int port) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (EventClient flood = new EventClient(port)) {
            flood.grow(FLOOD);
            Thread reader = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    read(flood);
                }
            });
            double p99 = firstBytes(port);
            over.set(true);
            reader.join();
            return p99;
        }
    }

    private static void read(EventClient flood) {
        try {
            flood.read(100);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The p99 in milliseconds of streams that one user opens sequentially. */
    private static double firstBytes(int port) throws IOException {
        double[] millis = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setTcpNoDelay(true);
                long start = System.nanoTime();
                socket.getOutputStream().write(REQUEST);
                String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                millis[i] = (System.nanoTime() - start) / 1e6;
                if (!status.equals("HTTP/1.1 200")) {
                    throw new IllegalStateException("the other user got " + status);
                }
            }
        }
        Arrays.sort(millis);
        return millis[(int) Math.ceil(SAMPLES * 0.99) - 1];
    }

    private static double median(List<Double> values) {
        return ProxyBench.median(values.stream().mapToDouble(Double::doubleValue));
    }
}
