package io.sharedinference.kubernetes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Creates TLS sockets that send a given server name instead of the host. */
final class ServerNameSocketFactory extends SSLSocketFactory {

    private final SSLSocketFactory sockets;
    private final String name;

    ServerNameSocketFactory(SSLSocketFactory sockets, String name) {
        this.sockets = sockets;
        this.name = name;
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        var secure = (SSLSocket) sockets.createSocket(socket, name, port, autoClose);
        if (!name.matches("[0-9.]+|.*:.*")) { // the JDK omits names without a dot
            var parameters = secure.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            secure.setSSLParameters(parameters);
        }
        return secure;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return sockets.createSocket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return sockets.createSocket(host, port, local, localPort);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }
}
