import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An API that responds to every request with an endless stream of one event a second, each with the time at which it was
 * written. A process of its own, since its sockets count against a process's limit. usage: EventOrigin PORT KIND
 */
final class EventOrigin {
    private static final int SLOTS = 1000;
    private static final long SLOT_NANOS = 1_000_000;
    private static final byte[] HEAD = """
        HTTP/1.1 200 OK\r
        Content-Type: text/event-stream\r
        Transfer-Encoding: chunked\r
        \r
        """.getBytes(StandardCharsets.US_ASCII);

    /** Format of an event. */
    enum Kind {
        /** Only the time. */
        STAMP,
        /** An event of a chat as vLLM sends it. */
        VLLM,
        /** As OpenAI's servers send it: with a null usage if the request includes usage. */
        OPENAI;

        String event(long nanos, boolean usage) {
            return this == STAMP
                    ? String.format(Locale.ROOT, "data: %019d\n\n", nanos)
                    : String.format(Locale.ROOT, CHAT, nanos, this == OPENAI && usage ? ",\"usage\":null" : "");
        }
    }

    /** Without a space before the JSON, in whose content the client looks for the time. */
    private static final String CHAT =
            "data:{\"id\":\"chatcmpl-9f2d1c7be0a84d3f8a5f0c6b7e1d2a34\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,\"model\":\"llama-3.1-8b-instruct\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"data:"
                + " %019d\"},\"logprobs\":null,\"finish_reason\":null}]%s}\n\n";

    private record Stream(SocketChannel channel, boolean usage) {}

    private final Kind kind;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final List<List<Stream>> slots = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);
    private int accepted;

    private EventOrigin(int port, Kind kind) throws IOException {
        this.kind = kind;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
        server.bind(new InetSocketAddress("127.0.0.1", port), 4096).configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void main(String[] arguments) throws IOException {
        new EventOrigin(Integer.parseInt(arguments[0]), Kind.valueOf(arguments[1])).serve();
    }

    private void serve() throws IOException {
        long slot = System.nanoTime() / SLOT_NANOS;
        while (true) {
            selector.select(this::ready, 1);
            long now = System.nanoTime() / SLOT_NANOS;
            for (; slot < now; slot++) {
                slots.get((int) (slot % SLOTS)).removeIf(stream -> !event(stream));
            }
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                read((SocketChannel) key.channel());
            }
        } catch (IOException gone) {
            close(key.channel());
        }
    }

    private void accept() throws IOException {
        SocketChannel channel;
        while ((channel = server.accept()) != null) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Requests arrive in one piece, since only the benchmark's client sends them, with few headers. */
    private void read(SocketChannel channel) throws IOException {
        scratch.clear();
        if (channel.read(scratch) < 0) {
            close(channel);
            return;
        }
        boolean usage =
                StandardCharsets.US_ASCII.decode(scratch.flip()).toString().contains("include_usage");
        channel.write(ByteBuffer.wrap(HEAD));
        // spread evenly over the second, independent of their arrival
        slots.get(accepted++ * 7919 % SLOTS).add(new Stream(channel, usage));
    }

    private boolean event(Stream stream) {
        SocketChannel channel = stream.channel;
        try {
            if (!channel.isOpen()) {
                return false;
            }
            String event = kind.event(System.nanoTime(), stream.usage);
            channel.write(ByteBuffer.wrap((Integer.toHexString(event.length()) + "\r\n" + event + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            return true;
        } catch (IOException gone) {
            close(channel);
            return false;
        }
    }

    private static void close(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (IOException closedAnyway) {
            // the client is gone
        }
    }
}
