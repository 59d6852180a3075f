package io.sharedinference.verify;

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

/** Calls an inference API; what goes wrong before an answer comes is told by hop. Thread-safe. */
final class Http {

    private static final long BODY_LIMIT = 8L << 20;

    private final OkHttpClient client;
    private final Trust trust;

    /**
     * @param patience for a connection; an answer may take three times as long
     * @param cas      CA certificates to trust besides the JDK's, in PEM
     */
    Http(Duration patience, Optional<Path> cas) {
        this.trust = cas.map(Trust::alsoIn).orElseGet(Trust::jdk);
        this.client = new OkHttpClient.Builder()
                .connectTimeout(patience)
                .readTimeout(patience.multipliedBy(3))
                .callTimeout(patience.multipliedBy(4))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .proxyAuthenticator(Authenticator.JAVA_NET_AUTHENTICATOR)
                .build();
    }

    /** @param phases is told how far the connection came */
    Answer get(Installation api, String path, Optional<Token> token, Phases phases) throws HopFailure {
        HttpUrl url = Objects.requireNonNull(HttpUrl.get(api.url()), "checked before")
                .newBuilder()
                .addPathSegments(path)
                .build();
        Request.Builder request = new Request.Builder().url(url);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer.reveal()));
        Trust trusted = api.ca().map(pem -> trust.and(pem, api.stack())).orElse(trust);
        OkHttpClient observed = client.newBuilder()
                .sslSocketFactory(trusted.sockets(), trusted.manager())
                .eventListener(phases)
                .build();
        try (Response response = observed.newCall(request.build()).execute()) {
            return new Answer(
                    response.code(),
                    Optional.ofNullable(response.header("Content-Type")).orElse("no type"),
                    Optional.ofNullable(response.header("X-Inference-Proxy-Error")),
                    response.peekBody(BODY_LIMIT).string());
        } catch (IOException e) {
            throw failure(url, e, phases);
        }
    }

    private static HopFailure failure(HttpUrl url, IOException e, Phases phases) {
        if (e instanceof UnknownHostException) {
            return new HopFailure(
                    Hop.DNS,
                    url.host() + " has no address",
                    "Look whether the name is spelt right and whether its DNS record exists; on a private network,"
                            + " whether this machine uses that network's DNS.");
        }
        if (e instanceof SSLException || url.isHttps() && phases.has(Hop.CONNECT) && !phases.has(Hop.TLS)) {
            return tls(url, e);
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException || !phases.has(Hop.CONNECT)) {
            return new HopFailure(
                    Hop.CONNECT,
                    url.host() + ":" + url.port() + " can't be reached (" + reason(e) + ")",
                    "Look at the URL's port, at the ingress or NodePort behind it, and at firewalls on the way.");
        }
        return new HopFailure(
                Hop.PROXY,
                url + " gave no whole answer (" + reason(e) + ")",
                "Look whether the URL's scheme fits, http or https, and at the log of what answers there.");
    }

    private static HopFailure tls(HttpUrl url, IOException e) {
        String at = url.host() + ":" + url.port();
        if (e instanceof SSLPeerUnverifiedException) {
            return new HopFailure(
                    Hop.TLS,
                    "the certificate of " + at + " is for another name",
                    "Use the name that the certificate has, or give the ingress a certificate for " + url.host() + ".");
        }
        if (causes(e).anyMatch(CertificateExpiredException.class::isInstance)) {
            return new HopFailure(Hop.TLS, "the certificate of " + at + " has expired", "Renew it.");
        }
        if (String.valueOf(e.getMessage()).contains("SSL message")) {
            return new HopFailure(
                    Hop.TLS,
                    at + " speaks no TLS",
                    "If plain HTTP is meant, write http:// in inferenceApiUrl; or use the port that has TLS.");
        }
        if (causes(e).anyMatch(Http::isUnknownCa)) {
            return new UnknownCa(
                    "the certificate of " + at + " is signed by no CA that this machine trusts",
                    "Name the CA's certificate, in PEM, with --cacert FILE.");
        }
        return new HopFailure(
                Hop.TLS,
                "the TLS handshake with " + at + " failed (" + reason(e) + ")",
                "Look whether that port has TLS at all, and 1.2 or 1.3 of it; if plain HTTP is meant, write http:// in"
                        + " inferenceApiUrl.");
    }

    /** No trusted CA has the issuer's name, or one has, with another key, as a CA's successor may. */
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
