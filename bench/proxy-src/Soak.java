import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Opens, closes, aborts and streams connections for minutes, to find leaks of memory and descriptors. */
final class Soak {
    private static final int CLIENTS = 40;
    private static final int SAMPLES = 20;
    private static final long WARM_UP_MILLIS = 10_000;
    private static final double FLAT = 1.10;

    private final int minutes;
    private final Running small;
    private final Running streaming;
    private final AtomicLong exchanges = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean over;

    Soak(Lab lab, int minutes, String proxy) throws Exception {
        this.minutes = minutes;
        this.small = lab.peer(proxy, lab.origin().port());
        this.streaming =
                lab.peer(proxy, Streams.origin(lab, EventOrigin.Kind.STAMP).port());
    }

    private record Sample(double resident, long descriptors) {}

    List<Figure> measure() throws Exception {
        // jars are opened when their first class is loaded, so descriptors are counted after some work
        churn(1, WARM_UP_MILLIS);
        long openBefore = small.descriptors() + streaming.descriptors();
        List<Sample> samples = churn(SAMPLES, TimeUnit.MINUTES.toMillis(minutes) / SAMPLES);
        return figures(samples, openBefore, small.descriptors() + streaming.descriptors());
    }

    private List<Sample> churn(int times, long apart) throws InterruptedException {
        List<Sample> samples = new ArrayList<>();
        over = false;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.submit(() -> churn(small.port(), false));
                clients.submit(() -> churn(streaming.port(), true));
            }
            for (int i = 0; i < times; i++) {
                Thread.sleep(apart);
                samples.add(new Sample(
                        small.residentMiB() + streaming.residentMiB(), small.descriptors() + streaming.descriptors()));
                System.err.printf(
                        "soak of %s %2d/%d %s, %d exchanges%n",
                        small.name(), i + 1, times, samples.getLast(), exchanges.get());
            }
            over = true;
        }
        // pooled connections are closed after four idle seconds
        Thread.sleep(8_000);
        return samples;
    }

    private List<Figure> figures(List<Sample> samples, long openBefore, long openAfter) {
        double early = ProxyBench.median(samples.subList(4, 8).stream().mapToDouble(Sample::resident));
        double late = ProxyBench.median(samples.subList(16, 20).stream().mapToDouble(Sample::resident));
        String metric = "soak: " + small.name() + ", ";
        return List.of(
                Figure.of(metric + "minutes", minutes, "min"),
                Figure.of(metric + "exchanges", exchanges.get(), ""),
                Figure.atMost(0, metric + "exchanges that failed", failures.get(), ""),
                Figure.of(metric + "resident memory of two proxies, a quarter in", early, "MiB"),
                Figure.of(metric + "resident memory of two proxies, at the end", late, "MiB"),
                Figure.atMost(FLAT, metric + "resident memory, end / a quarter in", late / early, "x"),
                Figure.of(
                        metric + "most descriptors under load",
                        samples.stream().mapToLong(Sample::descriptors).max().orElseThrow(),
                        ""),
                Figure.atMost(0, metric + "descriptors afterwards more than before", openAfter - openBefore, ""));
    }

    private void churn(int port, boolean stream) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (!over) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(30_000);
                boolean abort = random.nextInt(4) == 0;
                if (stream) {
                    stream(socket, random.nextInt(1, 8), abort);
                } else {
                    small(socket, random.nextInt(1, 50), abort);
                }
                if (abort) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException e) {
                failures.incrementAndGet();
                System.err.println("soak: " + e);
            }
        }
    }

    private void small(Socket socket, int times, boolean abort) throws IOException {
        String body = "{\"prompt\":\"" + "x".repeat(ThreadLocalRandom.current().nextInt(10, 5_000)) + "\"}";
        for (int i = 0; i < times; i++) {
            request(socket.getOutputStream(), body);
            if (abort && i == times - 1) {
                return;
            }
            readResponse(socket.getInputStream());
            exchanges.incrementAndGet();
            pause(40);
        }
    }

    private void stream(Socket socket, int seconds, boolean abort) throws IOException {
        request(socket.getOutputStream(), "{\"stream\":true}");
        if (abort) {
            return;
        }
        byte[] piece = new byte[4096];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            if (socket.getInputStream().read(piece) < 0) {
                throw new IOException("a stream ended early");
            }
        }
        exchanges.incrementAndGet();
    }

    /** Many users, so that cached decisions are evicted, too. */
    private static void request(OutputStream out, String body) throws IOException {
        String token = Lab.USER_TOKEN + ThreadLocalRandom.current().nextInt(20_000);
        out.write(("POST /complete HTTP/1.1\r\nHost: tenant.example\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
    }

    private static void readResponse(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] piece = new byte[4096];
        while (text.indexOf("\"num_tokens_generated\":5}") < 0) {
            int count = in.read(piece);
            if (count < 0) {
                throw new IOException("closed without a response: " + text);
            }
            text.append(new String(piece, 0, count, StandardCharsets.US_ASCII));
        }
        if (!text.toString().startsWith("HTTP/1.1 200 ")) {
            throw new IOException("unexpected response: " + text);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
