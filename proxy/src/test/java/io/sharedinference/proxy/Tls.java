package io.sharedinference.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Server sockets with a certificate of a PKCS12 store. */
final class Tls {
    private Tls() {}

    static ServerSocket serverSocket(Path store, String password) throws IOException, GeneralSecurityException {
        return context(store, password)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** The context of a server with the store's certificate. */
    static SSLContext context(Path store, String password) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, password.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /** Creates a store with a self-signed certificate for 127.0.0.1, and returns the certificate in PEM. */
    static Path selfSigned(Path store, String password) throws IOException, InterruptedException {
        return selfSigned(store, password, "CN=it", "-ext", "SAN=ip:127.0.0.1");
    }

    static Path selfSigned(Path store, String password, String name, String... extensions)
            throws IOException, InterruptedException {
        List<String> generate = new ArrayList<>(
                List.of("-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", name, "-storetype", "PKCS12"));
        generate.addAll(List.of(extensions));
        keytool(store, password, generate.toArray(String[]::new));
        Path pem = store.resolveSibling(store.getFileName() + ".pem");
        keytool(store, password, "-exportcert", "-rfc", "-alias", "it", "-file", pem.toString());
        return pem;
    }

    private static void keytool(Path store, String password, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                store.toString(),
                "-storepass",
                password));
        command.addAll(1, List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
    }
}
