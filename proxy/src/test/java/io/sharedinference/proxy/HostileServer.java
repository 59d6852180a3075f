package io.sharedinference.proxy;

import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shared API and an IAM in one, for thousands of connections: tokens that begin with {@code slow} are never decided
 * about, paths that begin with {@code /silent} never answered, {@code /large} with 300 KB.
 */
final class HostileServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final Pattern USER = Pattern.compile("(?i)\r\nauthorization: Bearer (\\S*)");
    private static final String USAGE = "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";

    private static final String HEAD_END = "\r\n\r\n";
    private static final int PART = 1024;
    private static final byte[] LARGE = new byte[300_000];

    private final ServerSocket server = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
    private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();

    HostileServer() throws IOException {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    sockets.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket));
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void serve(Socket socket) {
        try (socket) {
            PushbackInputStream in = new PushbackInputStream(socket.getInputStream(), PART);
            String head;
            while (!(head = head(in)).isEmpty()) {
                if (head.startsWith("GET /silent") || head.startsWith("POST /silent")) {
                    Thread.sleep(120_000);
                }
                Matcher length = LENGTH.matcher(head);
                in.skipNBytes(length.find() ? Long.parseLong(length.group(1)) : 0);
                answer(socket, head);
            }
        } catch (IOException | InterruptedException e) {
            // the other side went away
        } finally {
            sockets.remove(socket);
        }
    }

    private static void answer(Socket socket, String head) throws IOException, InterruptedException {
        if (head.startsWith("GET /large")) {
            send(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + LARGE.length + "\r\n\r\n");
            socket.getOutputStream().write(LARGE);
            return;
        }
        String body = USAGE;
        if (head.startsWith("POST /check_user")) {
            Matcher user = USER.matcher(head);
            String name = user.find() ? user.group(1) : "";
            if (name.startsWith("slow")) {
                Thread.sleep(120_000);
            }
            body = "{\"sub\":\"" + name + "\",\"permissions\":[]}";
        }
        send(
                socket,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Only its beginning is kept. */
    private static String head(PushbackInputStream in) throws IOException {
        byte[] part = new byte[PART];
        StringBuilder head = new StringBuilder();
        String end = "";
        while (!end.endsWith(HEAD_END)) {
            int count = in.read(part);
            if (count < 0) {
                return "";
            }
            String text = end + new String(part, 0, count, StandardCharsets.ISO_8859_1);
            int found = text.indexOf(HEAD_END);
            int taken = found < 0 ? count : found + HEAD_END.length() - end.length();
            in.unread(part, taken, count - taken);
            if (head.length() < PART) {
                head.append(text, end.length(), end.length() + taken);
            }
            end = text.substring(Math.max(0, end.length() + taken - HEAD_END.length()), end.length() + taken);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
