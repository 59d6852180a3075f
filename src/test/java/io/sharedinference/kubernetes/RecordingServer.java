package io.sharedinference.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.StandardConstants;

/** Writes down what it is asked, {@code CONNECT} included, and answers as an API server's version does. */
public final class RecordingServer implements AutoCloseable {

    private static final String VERSION = "{\"major\": \"1\", \"minor\": \"35\", \"gitVersion\": \"v1.35.0\"}";

    private final String scheme;
    private final ServerSocket socket;
    private final List<String> lines = new ArrayList<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    public RecordingServer() {
        this(ServerSocketFactory.getDefault(), "http");
    }

    private RecordingServer(ServerSocketFactory sockets, String scheme) {
        this.scheme = scheme;
        try {
            socket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        recordNames();
        var thread = new Thread(this::serve, "recording server");
        thread.setDaemon(true);
        thread.start();
    }

    public static RecordingServer tls(SSLContext context) {
        return new RecordingServer(context.getServerSocketFactory(), "https");
    }

    private void recordNames() {
        if (socket instanceof SSLServerSocket secure) {
            var parameters = secure.getSSLParameters();
            parameters.setSNIMatchers(List.of(new Recorder()));
            secure.setSSLParameters(parameters);
        }
    }

    /** Those that connections asked for, each once. */
    List<String> serverNames() {
        return List.copyOf(names);
    }

    /** Takes every name. */
    private final class Recorder extends SNIMatcher {

        private Recorder() {
            super(StandardConstants.SNI_HOST_NAME);
        }

        @Override
        public boolean matches(SNIServerName name) {
            return names.add(new SNIHostName(name.getEncoded()).getAsciiName()) || !names.isEmpty();
        }
    }

    public String url() {
        return scheme + "://127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (var client = socket.accept()) {
                answer(client);
            } catch (IOException e) {
                // the next one
            }
        }
    }

    private void answer(Socket client) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            synchronized (lines) {
                lines.add(line);
            }
        }
        client.getOutputStream()
                .write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                                + VERSION.length() + "\r\n\r\n" + VERSION)
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Method and target of each request. */
    List<String> requests() {
        synchronized (lines) {
            return lines.stream()
                    .filter(line -> line.endsWith(" HTTP/1.1"))
                    .map(line -> line.substring(0, line.lastIndexOf(' ')))
                    .toList();
        }
    }

    boolean wasAsked() {
        return !requests().isEmpty();
    }

    /** Of the last request: who it says that it comes from, as header lines in order of their names, in lower case. */
    public List<String> identity() {
        synchronized (lines) {
            return last().stream()
                    .filter(line -> line.matches("(?i)(authorization|impersonate-[^:]*):.*"))
                    .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)
                            + line.substring(line.indexOf(':')))
                    .sorted()
                    .toList();
        }
    }

    /** Of the last request: all values of a header of this name, in lower case, joined by commas. */
    String header(String name) {
        synchronized (lines) {
            return last().stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .collect(Collectors.joining(","));
        }
    }

    private List<String> last() {
        var last = 0;
        for (var i = 0; i < lines.size(); i++) {
            last = lines.get(i).endsWith(" HTTP/1.1") ? i : last;
        }
        return lines.subList(last, lines.size());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
