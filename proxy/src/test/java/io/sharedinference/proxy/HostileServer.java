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
 * A shared API and an IAM in one, for thousands of connections. Tokens that begin with {@code slow} never get a decision, paths
 * that begin with {@code /silent} never a response, and {@code /large} gets 300 KB.
 */
final class HostileServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
    private static final Pattern USER = Pattern.compile("(?i)\r\nauthorization: Bearer (\\S*)");
    private static final String USAGE = "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";

    private static final String HEADER_SECTION_END = "\r\n\r\n";
    private static final int BUFFER = 1024;
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
            PushbackInputStream in = new PushbackInputStream(socket.getInputStream(), BUFFER);
            String headerSection;
            while (!(headerSection = headerSection(in)).isEmpty()) {
                if (headerSection.startsWith("GET /silent") || headerSection.startsWith("POST /silent")) {
                    Thread.sleep(120_000);
                }
                Matcher length = LENGTH.matcher(headerSection);
                in.skipNBytes(length.find() ? Long.parseLong(length.group(1)) : 0);
                respond(socket, headerSection);
            }
        } catch (IOException | InterruptedException e) {
            // the peer disconnected
        } finally {
            sockets.remove(socket);
        }
    }

    private static void respond(Socket socket, String headerSection) throws IOException, InterruptedException {
        if (headerSection.startsWith("GET /large")) {
            send(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + LARGE.length + "\r\n\r\n");
            socket.getOutputStream().write(LARGE);
            return;
        }
        String body = USAGE;
        if (headerSection.startsWith("POST /check_user")) {
            Matcher user = USER.matcher(headerSection);
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

    /** Only the start of the header section is kept. */
    private static String headerSection(PushbackInputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        StringBuilder headerSection = new StringBuilder();
        String end = "";
        while (!end.endsWith(HEADER_SECTION_END)) {
            int count = in.read(buffer);
            if (count < 0) {
                return "";
            }
            String text = end + new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
            int found = text.indexOf(HEADER_SECTION_END);
            int taken = found < 0 ? count : found + HEADER_SECTION_END.length() - end.length();
            in.unread(buffer, taken, count - taken);
            if (headerSection.length() < BUFFER) {
                headerSection.append(text, end.length(), end.length() + taken);
            }
            end = text.substring(Math.max(0, end.length() + taken - HEADER_SECTION_END.length()), end.length() + taken);
        }
        return headerSection.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
