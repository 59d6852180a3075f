package io.sharedinference.chart;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Helm repository on loopback that requires a login. */
public final class ChartRepository implements AutoCloseable {

    public static final String USERNAME = "me";
    public static final String PASSWORD = "hush-hush";

    private final HttpServer server;

    private ChartRepository(HttpServer server) {
        this.server = server;
    }

    /** @param packages directory with packaged charts and their index */
    public static ChartRepository serve(Path packages) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
                    byte[] content = Files.readAllBytes(packages.resolve(
                            Path.of(exchange.getRequestURI().getPath()).getFileName()));
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content);
                    exchange.close();
                })
                .setAuthenticator(new BasicAuthenticator("charts") {
                    @Override
                    public boolean checkCredentials(String username, String password) {
                        return username.equals(USERNAME) && password.equals(PASSWORD);
                    }
                });
        server.start();
        return new ChartRepository(server);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
