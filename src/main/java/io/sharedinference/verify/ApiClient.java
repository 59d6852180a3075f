package io.sharedinference.verify;

import io.sharedinference.project.Key;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Authenticator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Calls an inference API, and attributes connection failures to a hop. Thread-safe. */
final class ApiClient {

    private static final long BODY_LIMIT = 8L << 20;

    private final OkHttpClient client;
    private final TrustStore trust;

    /**
     * @param timeout to connect; the response may take three times as long
     * @param caFile  file of CA certificates, in PEM, to trust in addition to the JDK's
     */
    ApiClient(Duration timeout, Optional<Path> caFile) {
        this.trust = caFile.map(TrustStore::withFile).orElseGet(TrustStore::jdk);
        this.client = new OkHttpClient.Builder()
                .connectTimeout(timeout)
                .readTimeout(timeout.multipliedBy(3))
                .callTimeout(timeout.multipliedBy(4))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .proxyAuthenticator(Authenticator.JAVA_NET_AUTHENTICATOR)
                .build();
    }

    /** @param phases records the phases of the connection */
    ApiResponse get(ApiEndpoint api, String path, Optional<Token> token, ConnectionPhases phases) throws HopException {
        HttpUrl url = Objects.requireNonNull(HttpUrl.get(api.url()), "checked before")
                .newBuilder()
                .addPathSegments(path)
                .build();
        Request.Builder request = new Request.Builder().url(url);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer.reveal()));
        TrustStore trusted = api.ca().map(pem -> trust.with(pem, api.stack())).orElse(trust);
        OkHttpClient observed = client.newBuilder()
                .sslSocketFactory(trusted.sockets(), trusted.manager())
                .eventListener(phases)
                .build();
        try (Response response = observed.newCall(request.build()).execute()) {
            return new ApiResponse(
                    response.code(),
                    Optional.ofNullable(response.header("Content-Type")).orElse("no type"),
                    Optional.ofNullable(response.header(ProxyErrors.HEADER)),
                    response.peekBody(BODY_LIMIT).string());
        } catch (IOException e) {
            throw failure(url, e, phases);
        }
    }

    private static HopException failure(HttpUrl url, IOException e, ConnectionPhases phases) {
        if (e instanceof UnknownHostException) {
            return new HopException(
                    Hop.DNS,
                    url.host() + " does not resolve",
                    "check the spelling of the name and its DNS record; on a private network, check that this machine"
                            + " uses that network's DNS.");
        }
        if (e instanceof SSLException || url.isHttps() && phases.has(Hop.CONNECT) && !phases.has(Hop.TLS)) {
            return tls(url, e);
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException || !phases.has(Hop.CONNECT)) {
            return new HopException(
                    Hop.CONNECT,
                    url.host() + ":" + url.port() + " is unreachable: " + reason(e),
                    "check the port of the URL, the ingress or NodePort behind it, and firewalls in between.");
        }
        return new HopException(
                Hop.PROXY,
                url + " sent no complete response: " + reason(e),
                "check the scheme of the URL, http or https, and the logs of the server behind it.");
    }

    private static HopException tls(HttpUrl url, IOException e) {
        String at = url.host() + ":" + url.port();
        if (e instanceof SSLPeerUnverifiedException) {
            return new HopException(
                    Hop.TLS,
                    "the certificate of " + at + " does not match the host name",
                    "use a host name of the certificate, or configure the ingress with a certificate for " + url.host()
                            + ".");
        }
        if (causes(e).anyMatch(CertificateExpiredException.class::isInstance)) {
            return new HopException(Hop.TLS, "the certificate of " + at + " has expired", "renew the certificate.");
        }
        if (String.valueOf(e.getMessage()).contains("SSL message")) {
            return new HopException(
                    Hop.TLS,
                    at + " does not support TLS",
                    "set " + Key.INFERENCE_API_URL.key() + " to http:// for plain HTTP, or to a port with TLS.");
        }
        return causes(e).anyMatch(ApiClient::isUnknownCa) ? untrusted(at) : handshakeFailure(at, e);
    }

    private static HopException untrusted(String at) {
        return new UntrustedCertificateException(
                "the certificate of " + at + " is signed by an untrusted CA",
                "pass the CA certificate, in PEM, with --cacert FILE.");
    }

    private static HopException handshakeFailure(String at, IOException e) {
        return new HopException(
                Hop.TLS,
                "the TLS handshake with " + at + " failed: " + reason(e),
                "check that the port supports TLS 1.2 or 1.3, or set " + Key.INFERENCE_API_URL.key()
                        + " to http:// for plain HTTP.");
    }

    /** Either no trusted CA has the issuer's name, or one has it with another key, as after a CA renewal. */
    private static boolean isUnknownCa(Throwable cause) {
        return cause instanceof CertPathBuilderException
                || cause instanceof CertPathValidatorException invalid
                        && invalid.getReason() == CertPathValidatorException.BasicReason.INVALID_SIGNATURE;
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
