package io.sharedinference.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** Stands in for an ingress: ends TLS on an address of the host, and hands what comes on to a plain HTTP API. */
final class TlsEntrance implements AutoCloseable {

    private final ServerSocket server;
    private final URI api;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    TlsEntrance(String address, SSLContext certificate, String api) throws IOException {
        this.server = certificate.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName(address));
        this.api = URI.create(api);
        daemon(this::accept);
    }

    String url() {
        return "https://" + server.getInetAddress().getHostAddress() + ":" + port();
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var behind = new Socket();
                open.add(client);
                open.add(behind);
                daemon(() -> relay(client, behind));
            } catch (IOException e) {
                // closed, or a client that went away at once
            }
        }
    }

    private void relay(Socket client, Socket behind) {
        try {
            behind.connect(new InetSocketAddress(api.getHost(), api.getPort()));
            daemon(() -> copy(behind, client));
            copy(client, behind);
        } catch (IOException e) {
            end(client, behind);
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of both ended
        } finally {
            end(from, to);
        }
    }

    private void end(Socket... sockets) {
        for (var socket : sockets) {
            open.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                // it is of no use any more
            }
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "tls-entrance");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        end(open.toArray(Socket[]::new));
    }
}
