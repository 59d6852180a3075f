package io.sharedinference.proxy.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sharedinference.proxy.auth.Decision.Allowed;
import io.sharedinference.proxy.auth.Decision.Denied;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import io.sharedinference.proxy.auth.Decision.Unauthenticated;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
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
    private static final long LARGEST_ANSWER = 64 * 1024;
    private static final int LONGEST_SUBJECT = 256;

    /** Loaded when it is needed first, or by {@link #prepare()}: it would be a fifth of the start. */
    private static final class Json {
        static final JsonMapper MAPPER =
                JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    }

    private final OkHttpClient http;
    private final HttpUrl checkUser;
    private final RequestBody question;
    private final RequiredPermissions permissions;

    IamClient(IamSettings settings, TrustedCertificates trust) {
        // a redirect would carry the token to a place that nobody configured
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .callTimeout(settings.callTimeout())
                .connectionPool(new ConnectionPool(32, 4, TimeUnit.SECONDS))
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
        this.http = (settings.url().getScheme().equals("https") ? secure(builder, trust) : builder).build();
        this.checkUser = HttpUrl.get(settings.url()).newBuilder().addPathSegment("check_user").build();
        this.permissions = settings.permissions();
        this.question = RequestBody.create(permissions.question(), APPLICATION_JSON);
    }

    /** Without TLS nothing of it is loaded, which is half of the start. */
    private static OkHttpClient.Builder secure(OkHttpClient.Builder builder, TrustedCertificates trust) {
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

    /** Never throws. */
    Decision ask(BearerToken token) {
        Request request = new Request.Builder()
                .url(checkUser)
                .header("Authorization", token.authorization())
                .post(question)
                .build();
        try (Response response = http.newCall(request).execute()) {
            return response.code() == 200 ? read(response) : refused(response.code());
        } catch (JsonProcessingException e) {
            return new IamUnavailable("the IAM's answer is not JSON", false);
        } catch (Exception e) {
            // Kotlin throws checked exceptions that it doesn't declare, such as for an interrupt;
            // the message of one may quote what was sent, so only its kind is reported
            return new IamUnavailable(e.getClass().getSimpleName(), true);
        }
    }

    /** A 4xx concerns the token that was asked about, unless it can't: a wrong URL, or a limit of the IAM's own. */
    private static Decision refused(int status) {
        return switch (status) {
            case 401 -> new Unauthenticated();
            case 403 -> new Denied("");
            case 404, 405, 407, 408, 429 -> new IamUnavailable("the IAM answered " + status, false);
            default -> status >= 400 && status < 500
                    ? new Unauthenticated() : new IamUnavailable("the IAM answered " + status, status >= 500);
        };
    }

    private Decision read(Response response) throws IOException {
        JsonNode answer = Json.MAPPER.readTree(response.peekBody(LARGEST_ANSWER).bytes());
        JsonNode subject = answer.path("sub");
        JsonNode granted = answer.path("permissions");
        boolean complete = granted.isArray() || permissions.none() && (granted.isMissingNode() || granted.isNull());
        if (!subject.isTextual() || subject.textValue().isBlank() || !complete) {
            return new IamUnavailable("the IAM's answer has no sub or no permissions", false);
        }
        String name = subject.textValue().substring(0, Math.min(subject.textValue().length(), LONGEST_SUBJECT));
        return permissions.grantedBy(granted) ? new Allowed(name) : new Denied(name);
    }

    @Override
    public void close() {
        http.connectionPool().evictAll();
    }
}
