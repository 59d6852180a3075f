import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A body of one GiB in either direction. */
final class Transfer {
    private static final long SIZE = 1L << 30;
    private static final double MIB = 1 << 20;

    private final Lab lab;
    private final int rounds;
    private final String name;
    private final ServerSocket origin = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Transfer(Lab lab, int rounds, String proxy) throws IOException {
        this.lab = lab;
        this.rounds = rounds;
        this.name = proxy;
        Thread.ofPlatform().daemon().start(this::serve);
    }

    List<Figure> measure() throws Exception {
        Running proxy = lab.peer(name, origin.getLocalPort());
        Running nginx = lab.peer("nginx", origin.getLocalPort());
        exchange(proxy, true);
        exchange(proxy, false);
        double before = proxy.residentMiB();
        proxy.resetPeak();
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int i = 0; i < rounds; i++) {
            for (boolean up : List.of(true, false)) {
                for (Running target : List.of(proxy, nginx)) {
                    rates.computeIfAbsent((up ? "upload, " : "download, ") + target.name(), name -> new ArrayList<>())
                            .add(exchange(target, up));
                }
            }
        }
        List<Figure> figures = figures(rates, proxy.peakMiB() - before);
        lab.stop(proxy);
        lab.stop(nginx);
        return figures;
    }

    private List<Figure> figures(Map<String, List<Double>> rates, double growth) {
        List<Figure> figures = new ArrayList<>();
        Map<String, Double> medians = new LinkedHashMap<>();
        rates.forEach(
                (name, all) -> medians.put(name, ProxyBench.median(all.stream().mapToDouble(Double::doubleValue))));
        medians.forEach((target, rate) -> figures.add(Figure.of("transfer: 1 GiB " + target, rate, "MiB/s")));
        for (String way : List.of("upload", "download")) {
            figures.add(Figure.atLeast(
                    0.8,
                    "transfer: 1 GiB " + way + ", " + name + " / nginx",
                    medians.get(way + ", " + name) / medians.get(way + ", nginx"),
                    "x"));
        }
        figures.add(Figure.atMost(
                32, "transfer: " + name + ", most that resident memory grew over all of them", growth, "MiB"));
        return figures;
    }

    /** MiB per second of one transfer on a separate connection. */
    private static double exchange(Running target, boolean up) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", target.port())) {
            long start = System.nanoTime();
            OutputStream out = socket.getOutputStream();
            out.write("""
                POST /%s HTTP/1.1\r
                Host: inference-api.tenant.example\r
                Authorization: Bearer %s\r
                Content-Length: %d\r
                \r
                """.formatted(up ? "up" : "down", Lab.USER_TOKEN, up ? SIZE : 0)
                    .getBytes(StandardCharsets.US_ASCII));
            if (up) {
                send(out);
            }
            String head = head(socket.getInputStream());
            if (!head.startsWith("HTTP/1.1 200 ")) {
                throw new IOException(target.name() + ": " + head);
            }
            receive(socket.getInputStream(), up ? 0 : SIZE);
            return SIZE / MIB * 1e9 / (System.nanoTime() - start);
        }
    }

    private void serve() {
        while (true) {
            try {
                Socket socket = origin.accept();
                Thread.ofPlatform().daemon().start(() -> respond(socket));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void respond(Socket socket) {
        try (socket) {
            while (true) {
                boolean up = head(socket.getInputStream()).startsWith("POST /up ");
                receive(socket.getInputStream(), up ? SIZE : 0);
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                                .formatted(up ? 0 : SIZE)
                                .getBytes(StandardCharsets.US_ASCII));
                if (!up) {
                    send(socket.getOutputStream());
                }
            }
        } catch (IOException gone) {
            // the pool closed it
        }
    }

    private static void send(OutputStream out) throws IOException {
        byte[] piece = new byte[256 * 1024];
        for (long sent = 0; sent < SIZE; sent += piece.length) {
            out.write(piece);
        }
    }

    private static void receive(InputStream in, long size) throws IOException {
        byte[] piece = new byte[256 * 1024];
        for (long left = size; left > 0; ) {
            int count = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (count < 0) {
                throw new IOException(left + " bytes are missing");
            }
            left -= count;
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended in the head: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
