package io.sharedinference.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;

/**
 * A shared API on a real socket: one virtual thread per connection, every received byte recorded. Paths without a handler
 * get the request itself as the response's body.
 */
final class FakeOrigin implements AutoCloseable {
    interface Handler {
        void respond(Call call) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final List<Recording> recordings = new CopyOnWriteArrayList<>();
    private volatile Handler byDefault = FakeOrigin::echo;

    FakeOrigin() throws IOException {
        this(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
    }

    /** With another socket, for example for TLS. */
    FakeOrigin(ServerSocket server) {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    FakeOrigin on(String path, Handler handler) {
        handlers.put(path, handler);
        return this;
    }

    /** Responds with this text, with line endings converted to CR LF. */
    FakeOrigin on(String path, String response) {
        return on(path, call -> call.send(RawClient.crlf(response)));
    }

    /** Replaces the echo for paths without a handler. */
    FakeOrigin byDefault(Handler handler) {
        byDefault = handler;
        return this;
    }

    /** Removes and returns the bytes received on each closed connection. */
    List<String> takeEnded() {
        List<Recording> ended = recordings.stream()
                .filter(recording -> recording.socket.isClosed())
                .toList();
        recordings.removeAll(ended);
        return ended.stream().map(Recording::text).toList();
    }

    /** The number of open connections that received bytes. */
    long running() {
        return recordings.stream()
                .filter(recording ->
                        !recording.socket.isClosed() && !recording.text().isEmpty())
                .count();
    }

    /** The bytes received so far on each connection. */
    List<String> received() {
        return recordings.stream().map(Recording::text).toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Recording recording : recordings) {
            recording.socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Recording recording = new Recording(socket);
                recordings.add(recording);
                Thread.ofVirtual().start(() -> serve(recording));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Recording in) {
        try (Socket socket = in.socket) {
            String headerSection;
            while (!(headerSection = headerSection(in)).isEmpty()) {
                String path = headerSection.split(" ")[1].replaceAll("\\?.*", "");
                Call call = new Call(headerSection, in, socket);
                handlers.getOrDefault(path, byDefault).respond(call);
                if (socket.isClosed() || call.last()) {
                    return;
                }
            }
        } catch (SocketException | SSLException e) {
            // the peer disconnected
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void echo(Call call) throws IOException {
        String request = call.headerSection() + call.rawBody();
        call.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + request.length() + "\r\n\r\n"
                + (call.headerSection().startsWith("HEAD ") ? "" : request));
    }

    private static String headerSection(InputStream in) throws IOException {
        ByteArrayOutputStream headerSection = new ByteArrayOutputStream();
        int c;
        while ((c = in.read()) >= 0) {
            headerSection.write(c);
            if (c == '\n' && headerSection.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return headerSection.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    /** One request and its connection. */
    record Call(String headerSection, InputStream in, Socket socket) {
        /** Whether the client requests that the connection closes after the response. */
        boolean last() {
            return headerSection.contains(" HTTP/1.0\r\n") || headerSection.contains("\r\nConnection: close\r\n");
        }

        /** The body with its chunk sizes and trailers. */
        String rawBody() throws IOException {
            if (java.util.regex.Pattern.compile("(?i)\r\ntransfer-encoding:[ \t]*chunked")
                    .matcher(headerSection)
                    .find()) {
                return chunks();
            }
            java.util.regex.Matcher length = java.util.regex.Pattern.compile("(?i)\r\ncontent-length:[ \t]*(\\d+)")
                    .matcher(headerSection);
            int count = length.find() ? Math.clamp(Long.parseLong(length.group(1)), 0, Integer.MAX_VALUE) : 0;
            return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
        }

        private String chunks() throws IOException {
            StringBuilder all = new StringBuilder();
            while (true) {
                String size = line();
                all.append(size);
                int count = Math.clamp(Long.parseLong(size.strip().replaceAll(";.*", ""), 16), 0, Integer.MAX_VALUE);
                all.append(new String(in.readNBytes(count), StandardCharsets.ISO_8859_1));
                if (count == 0) {
                    String trailer;
                    do {
                        trailer = line();
                        all.append(trailer);
                    } while (!trailer.equals("\r\n"));
                    return all.toString();
                }
                all.append(line());
            }
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            int c;
            while ((c = in.read()) >= 0) {
                line.append((char) c);
                if (c == '\n') {
                    return line.toString();
                }
            }
            throw new SocketException("ended in a line");
        }

        void send(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void sendChunk(String data) throws IOException {
            send(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n");
        }

        /** Blocks until the peer closes the connection; further bytes are an error. */
        void awaitClosed() throws IOException {
            socket.setSoTimeout(30_000);
            try {
                int next = in.read();
                if (next >= 0) {
                    throw new IllegalStateException("expected the end, got byte " + next);
                }
            } catch (SocketException e) {
                // a reset closes the connection, too
            }
        }
    }

    private static final class Recording extends InputStream {
        private final Socket socket;
        private final InputStream in;
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        Recording(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new java.io.BufferedInputStream(socket.getInputStream(), 65_536);
        }

        String text() {
            synchronized (all) {
                return all.toString(StandardCharsets.ISO_8859_1);
            }
        }

        @Override
        public int read() throws IOException {
            int c = in.read();
            if (c >= 0) {
                synchronized (all) {
                    all.write(c);
                }
            }
            return c;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = in.read(to, offset, length);
            synchronized (all) {
                if (count > 0 && all.size() < 1_000_000) {
                    all.write(to, offset, count);
                }
            }
            return count;
        }
    }
}
