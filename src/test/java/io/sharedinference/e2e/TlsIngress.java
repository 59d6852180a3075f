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

/** An ingress stand-in: terminates TLS on an address of the host and forwards to a plain HTTP API. */
final class TlsIngress implements AutoCloseable {

    private final ServerSocket server;
    private final URI api;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    TlsIngress(String address, SSLContext certificate, String api) throws IOException {
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
                var upstream = new Socket();
                open.add(client);
                open.add(upstream);
                daemon(() -> relay(client, upstream));
            } catch (IOException e) {
                // closed, or the client disconnected at once
            }
        }
    }

    private void relay(Socket client, Socket upstream) {
        try {
            upstream.connect(new InetSocketAddress(api.getHost(), api.getPort()));
            daemon(() -> copy(upstream, client));
            copy(client, upstream);
        } catch (IOException e) {
            end(client, upstream);
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one side closed the connection
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
                // already closed
            }
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "tls-ingress");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        end(open.toArray(Socket[]::new));
    }
}
