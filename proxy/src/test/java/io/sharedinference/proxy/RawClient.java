package io.sharedinference.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** A client that sends exactly the given bytes and reads responses by their framing. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawClient(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        this.in = new BufferedInputStream(socket.getInputStream(), 65_536);
    }

    /** One response: the header section with its start line, and the body as received. */
    record Response(String headerSection, String body) {
        int status() {
            return Integer.parseInt(headerSection.substring(9, 12));
        }

        Optional<String> header(String name) {
            return headerSection
                    .lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    /** Text blocks have LF; HTTP needs CR LF. */
    static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    /** One exchange on a new connection. */
    static Response exchange(int port, String request) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.send(crlf(request)).response();
        }
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    Response response() throws IOException {
        String headerSection = readUntil("\r\n\r\n");
        Response withoutBody = new Response(headerSection, "");
        int status = withoutBody.status();
        if (status < 200 || status == 204 || status == 304) {
            return withoutBody;
        }
        if (withoutBody.header("Transfer-Encoding").isPresent()) {
            return new Response(headerSection, chunks());
        }
        Optional<String> length = withoutBody.header("Content-Length");
        return new Response(
                headerSection,
                length.isPresent()
                        ? new String(in.readNBytes(Integer.parseInt(length.get())), StandardCharsets.ISO_8859_1)
                        : new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    }

    /** For HEAD, whose responses have no body despite their Content-Length. */
    Response responseWithoutBody() throws IOException {
        return new Response(readUntil("\r\n\r\n"), "");
    }

    String readUntil(String marker) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(marker, Math.max(0, text.length() - marker.length())) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new SocketException("the connection was closed after: " + text);
            }
            text.append((char) c);
        }
        return text.toString();
    }

    /** All bytes until the proxy closes the connection. */
    String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    int read(byte[] to) throws IOException {
        return in.read(to);
    }

    /** Whether the connection is closed without further bytes. */
    boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String chunks() throws IOException {
        StringBuilder all = new StringBuilder();
        while (true) {
            String size = readUntil("\r\n");
            int count = Integer.parseInt(size.strip().replaceAll(";.*", ""), 16);
            all.append(size);
            if (count == 0) {
                String line;
                do {
                    line = readUntil("\r\n");
                    all.append(line);
                } while (!line.equals("\r\n"));
                return all.toString();
            }
            all.append(new String(in.readNBytes(count), StandardCharsets.ISO_8859_1))
                    .append(readUntil("\r\n"));
        }
    }
}
