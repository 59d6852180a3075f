import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests at a fixed rate, independent of the responses, and measures each from its scheduled time, including the
 * wait for a connection (no coordinated omission).
 */
final class Pacer implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    private static final int LONGEST_MICROS = 2_000_000;
    private static final long NAP_NANOS = 20_000;

    private final Selector selector = Selector.open();
    private final ByteBuffer request;
    private final ByteBuffer received = ByteBuffer.allocateDirect(16 * 1024);
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final int[] histogram = new int[LONGEST_MICROS + 1];
    private int answerLength;

    /** Connects to a port and determines the length of a response, which is always the same. */
    Pacer(int port, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        request = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = new Connection(SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
            answerLength = connection.firstExchange();
            connection.register();
            idle.add(connection);
        }
    }

    /** The 99th percentile in milliseconds at a number of requests per second. */
    double p99Millis(double rate, double seconds) throws IOException {
        java.util.Arrays.fill(histogram, 0);
        double interval = 1e9 / rate;
        long start = System.nanoTime();
        long total = (long) (rate * seconds);
        long sent = 0;
        long completed = 0;
        while (completed < total) {
            long now = System.nanoTime();
            while (sent < total && start + (long) (sent * interval) <= now && !idle.isEmpty()) {
                idle.poll().send(start + (long) (sent++ * interval));
            }
            int before = idle.size();
            if (selector.selectNow(key -> ((Connection) key.attachment()).read()) == 0) {
                LockSupport.parkNanos(NAP_NANOS);
            }
            completed += idle.size() - before;
        }
        return percentile(0.99, total);
    }

    private double percentile(double part, long total) {
        long wanted = (long) Math.ceil(part * total);
        long seen = 0;
        for (int micros = 0; micros <= LONGEST_MICROS; micros++) {
            seen += histogram[micros];
            if (seen >= wanted) {
                return micros / 1000.0;
            }
        }
        throw new IllegalStateException("responses are missing");
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private final class Connection {
        private final SocketChannel channel;
        private long dueAt;
        private int missing;

        Connection(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        int firstExchange() throws IOException {
            channel.write(request.duplicate());
            received.clear();
            String response = "";
            while (true) {
                if (channel.read(received) < 0) {
                    throw new IOException("closed without a response: " + response);
                }
                response = StandardCharsets.US_ASCII
                        .decode(received.duplicate().flip())
                        .toString();
                int headEnd = response.indexOf("\r\n\r\n");
                if (headEnd > 0 && response.length() >= headEnd + 4 + contentLength(response)) {
                    return checked(response).length();
                }
            }
        }

        private static int contentLength(String response) {
            return response.lines()
                    .filter(line -> line.toLowerCase().startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                    .findFirst()
                    .orElseThrow();
        }

        private static String checked(String response) throws IOException {
            if (!response.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("unexpected response: " + response);
            }
            return response;
        }

        void register() throws IOException {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void send(long due) throws IOException {
            dueAt = due;
            missing = answerLength;
            if (channel.write(request.duplicate()) != request.remaining()) {
                throw new IOException("a small request did not fit into an idle socket");
            }
        }

        void read() {
            try {
                received.clear();
                int count = channel.read(received);
                if (count < 0 || count > missing) {
                    throw new IOException(count < 0 ? "closed" : "a response longer than the others");
                }
                missing -= count;
                if (missing == 0) {
                    long micros = (System.nanoTime() - dueAt) / 1000;
                    histogram[(int) Math.min(LONGEST_MICROS, micros)]++;
                    idle.add(this);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
