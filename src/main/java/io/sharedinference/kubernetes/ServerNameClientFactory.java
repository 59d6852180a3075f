package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.OkHttpClient;

/** Creates clients with the kubeconfig's {@code tls-server-name}. */
final class ServerNameClientFactory extends OkHttpClientFactory {

    private final String name;
    private final boolean verified;

    /** @param verified whether to verify the certificate */
    ServerNameClientFactory(String name, boolean verified) {
        this.name = name;
        this.verified = verified;
    }

    /** Also called for derived clients. */
    @Override
    protected void additionalConfig(OkHttpClient.Builder builder) {
        var built = builder.build();
        if (built.sslSocketFactory() instanceof SocketFactory) {
            return;
        }
        builder.sslSocketFactory(new SocketFactory(built.sslSocketFactory(), name), built.x509TrustManager());
        if (verified) {
            var verifier = built.hostnameVerifier();
            builder.hostnameVerifier((host, session) -> verifier.verify(name, session));
        }
    }

    /** Creates TLS sockets that send a given server name instead of the host. */
    private static final class SocketFactory extends SSLSocketFactory {

        private final SSLSocketFactory sockets;
        private final String name;

        SocketFactory(SSLSocketFactory sockets, String name) {
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
}
