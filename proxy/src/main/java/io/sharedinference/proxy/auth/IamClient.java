package io.sharedinference.proxy.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sharedinference.proxy.auth.Decision.Allowed;
import io.sharedinference.proxy.auth.Decision.Denied;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import io.sharedinference.proxy.auth.Decision.Unauthenticated;
import io.sharedinference.proxy.tls.Trust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Asks the IAM; blocks, so it is called on virtual threads. Thread-safe. */
final class IamClient implements AutoCloseable {
    private static final MediaType APPLICATION_JSON = MediaType.get("application/json");
    private static final long LARGEST_ANSWER = 256 * 1024;
    private static final int MOST_CALLS_AT_ONCE = 128;

    /** Loaded when it is needed first, or by {@link #prepare()}: it would be a fifth of the start. */
    private static final class Json {
        static final JsonMapper MAPPER = new JsonMapper();
    }

    private final Semaphore calls = new Semaphore(MOST_CALLS_AT_ONCE);
    private final Duration callTimeout;
    private final OkHttpClient http;
    private final HttpUrl checkUser;
    private final RequestBody question;
    private final RequiredPermissions permissions;

    IamClient(IamSettings settings, Trust trust) {
        this.callTimeout = settings.callTimeout();
        // a redirect would carry the token to a place that nobody configured
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .callTimeout(callTimeout)
                .connectionPool(new ConnectionPool(32, 4, TimeUnit.SECONDS))
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
        this.http = (settings.url().getScheme().equals("https") ? secure(builder, trust) : builder).build();
        this.checkUser = HttpUrl.get(settings.url()).newBuilder().addPathSegment("check_user").build();
        this.permissions = settings.permissions();
        this.question = RequestBody.create(permissions.question(), APPLICATION_JSON);
    }

    /** Without TLS nothing of it is loaded, which is half of the start. */
    private static OkHttpClient.Builder secure(OkHttpClient.Builder builder, Trust trust) {
        try {
            X509TrustManager manager = trust.manager();
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(new KeyManager[0], new TrustManager[] {manager}, new SecureRandom());
            return builder.connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
                    .sslSocketFactory(tls.getSocketFactory(), manager);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no usable TLS", e);
        }
    }

    /** Loads what answers are read with, so that the first user needn't wait for it. Takes a while. */
    void prepare() {
        Json.MAPPER.createObjectNode();
    }

    /** Never throws. Whoever floods the proxy with made-up tokens must not flood the IAM. */
    Decision ask(BearerToken token) {
        try {
            if (!calls.tryAcquire(callTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return new IamUnavailable("too many calls are waiting for it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IamUnavailable("the proxy ends");
        }
        try {
            return call(token);
        } finally {
            calls.release();
        }
    }

    private Decision call(BearerToken token) {
        Request request = new Request.Builder()
                .url(checkUser)
                .header("Authorization", token.authorization())
                .post(question)
                .build();
        try (Response response = http.newCall(request).execute()) {
            return switch (response.code()) {
                case 200 -> read(response);
                case 401 -> new Unauthenticated();
                case 403 -> new Denied("");
                default -> new IamUnavailable("the IAM answered " + response.code());
            };
        } catch (Exception e) {
            // Kotlin throws checked exceptions that it doesn't declare, such as for an interrupt;
            // the message of one may quote what was sent, so only its kind is told
            return new IamUnavailable(e.getClass().getSimpleName());
        }
    }

    private Decision read(Response response) throws IOException {
        JsonNode answer = Json.MAPPER.readTree(response.peekBody(LARGEST_ANSWER).bytes());
        JsonNode subject = answer.path("sub");
        JsonNode granted = answer.path("permissions");
        if (!subject.isTextual() || !granted.isArray()) {
            return new IamUnavailable("the IAM's answer has no sub or no permissions");
        }
        if (!permissions.grantedBy(granted)) {
            return new Denied(subject.textValue());
        }
        return new Allowed(subject.textValue(), Optional.ofNullable(answer.path("email").textValue()));
    }

    @Override
    public void close() {
        http.connectionPool().evictAll();
    }
}
