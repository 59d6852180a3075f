import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keeps many event streams open on one thread, and records the age of each event on arrival. */
final class EventClient implements AutoCloseable {
    private static final int LONGEST_MILLIS = 60_000;
    private static final int STAMP = 19;
    private static final byte[] REQUEST = request(Lab.USER_TOKEN);

    private final Selector selector = Selector.open();
    private final int port;
    private final int[] delays = new int[LONGEST_MILLIS * 10 + 1];
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(16 * 1024);
    private int lost;
    private int opened;

    EventClient(int port) throws IOException {
        this.port = port;
    }

    /** A request for an event stream. */
    static byte[] request(String token) {
        return """
            POST /chat/completions HTTP/1.1\r
            Host: inference-api.tenant.example\r
            Authorization: Bearer %s\r
            Content-Type: application/json\r
            Content-Length: 15\r
            \r
            {"stream":true}\
            """.formatted(token).getBytes(StandardCharsets.US_ASCII);
    }

    /** Opens streams up to a number, a few at a time, and reads from them meanwhile. */
    void grow(int count) throws IOException {
        while (opened < count) {
            for (int i = 0; i < 20 && opened < count; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                channel.write(ByteBuffer.wrap(REQUEST));
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Stream());
                opened++;
            }
            read(10);
        }
    }

    /** Resets all measurements. */
    void reset() {
        Arrays.fill(delays, 0);
        selector.keys().forEach(key -> ((Stream) key.attachment()).events = 0);
    }

    /** Reads for a duration. */
    void read(long millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000;
        long left;
        while ((left = (end - System.nanoTime()) / 1_000_000) > 0) {
            selector.select(this::take, left);
        }
    }

    /** Streams that ended, or received fewer events since the reset. */
    int lost(int fewest) {
        return lost
                + (int) selector.keys().stream()
                        .filter(key -> ((Stream) key.attachment()).events < fewest)
                        .count();
    }

    /** Events since the reset. */
    long events() {
        return Arrays.stream(delays).asLongStream().sum();
    }

    double p99Millis() {
        long total = events();
        long seen = 0;
        for (int i = 0; i < delays.length; i++) {
            seen += delays[i];
            if (seen >= total * 0.99) {
                return i / 10.0;
            }
        }
        throw new IllegalStateException("no events");
    }

    private void take(SelectionKey key) {
        Stream stream = (Stream) key.attachment();
        try {
            scratch.clear();
            scratch.put(stream.rest);
            int count = ((SocketChannel) key.channel()).read(scratch);
            if (count < 0) {
                throw new IOException("ended");
            }
            stream.rest = events(stream, scratch.flip());
        } catch (IOException gone) {
            key.cancel();
            lost++;
        }
    }

    /** Counts complete events, and keeps the beginning of the next one. */
    private byte[] events(Stream stream, ByteBuffer in) {
        long now = System.nanoTime();
        int at = 0;
        for (int i = 0; i + 6 + STAMP <= in.limit(); i++) {
            if (in.get(i) == 'd' && in.get(i + 4) == ':' && in.get(i + 5) == ' ') {
                long delay = (now - stamp(in, i + 6)) / 100_000;
                delays[(int) Math.min(delays.length - 1, Math.max(0, delay))]++;
                stream.events++;
                i += 5 + STAMP;
                at = i + 1;
            }
        }
        byte[] rest = new byte[Math.min(in.limit() - at, 6 + STAMP)];
        in.get(in.limit() - rest.length, rest);
        return rest;
    }

    private static long stamp(ByteBuffer in, int from) {
        long value = 0;
        for (int i = from; i < from + STAMP; i++) {
            value = value * 10 + (in.get(i) - '0');
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private static final class Stream {
        private byte[] rest = new byte[0];
        private int events;
    }
}
