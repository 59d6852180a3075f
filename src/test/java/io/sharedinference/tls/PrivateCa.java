package io.sharedinference.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A private CA, and the TLS context of a server with a certificate that it signed. */
public record PrivateCa(SSLContext context, Path pem) {

    private static final String PASSWORD = "for-tests-only";

    /** @param subject a keytool subject alternative name, like {@code ip:127.0.0.1} or {@code dns:localhost} */
    public static PrivateCa create(Path parent, String subject) throws IOException, GeneralSecurityException {
        var directory = Files.createTempDirectory(parent, "ca");
        var pem = directory.resolve("ca.pem");
        keytool(directory, "ca", "-genkeypair", "-keyalg", "EC", "-dname", "CN=private CA", "-ext", "bc:c");
        keytool(directory, "ca", "-exportcert", "-rfc", "-file", pem.toString());
        keytool(directory, "server", "-genkeypair", "-keyalg", "EC", "-dname", "CN=server");
        var request = directory.resolve("server.csr").toString();
        var signed = directory.resolve("server.pem");
        keytool(directory, "server", "-certreq", "-file", request);
        keytool(
                directory,
                "ca",
                "-gencert",
                "-rfc",
                "-ext",
                "san=" + subject,
                "-infile",
                request,
                "-outfile",
                signed.toString());
        var chain = Files.writeString(directory.resolve("chain.pem"), Files.readString(signed) + Files.readString(pem));
        keytool(directory, "server", "-importcert", "-noprompt", "-file", chain.toString());
        return new PrivateCa(context(directory.resolve("server.p12")), pem);
    }

    private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(store)) {
            keys.load(content, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Each alias has its own store, so that the server's store does not contain the CA's key. */
    private static void keytool(Path directory, String alias, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-alias", alias, "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", directory.resolve(alias + ".p12").toString()));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
