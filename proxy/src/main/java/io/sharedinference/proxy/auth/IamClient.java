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

/** Calls the IAM. Blocks, so it runs on virtual threads. Thread-safe. */
final class IamClient implements AutoCloseable {
    private static final MediaType APPLICATION_JSON = MediaType.get("application/json");
    private static final long MAX_RESPONSE_LENGTH = 64 * 1024;
    private static final int MAX_SUBJECT_LENGTH = 256;

    /** Loaded on first use or by {@link #prepare()}: it takes a fifth of the startup time. */
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private final OkHttpClient http;
    private final HttpUrl checkUser;
    private final RequestBody body;
    private final RequiredPermissions permissions;

    IamClient(IamSettings settings, TrustedCertificates trust) {
        // a redirect would send the token to a host that is not configured
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .callTimeout(settings.callTimeout())
                .connectionPool(new ConnectionPool(32, 4, TimeUnit.SECONDS))
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
        this.http = (settings.url().getScheme().equals("https") ? secure(builder, trust) : builder).build();
        this.checkUser = HttpUrl.get(settings.url().toString())
                .newBuilder()
                .addPathSegment("check_user")
                .build();
        this.permissions = settings.permissions();
        this.body = RequestBody.create(permissions.checkUserBody(), APPLICATION_JSON);
    }

    /** TLS is loaded only if used: it takes half of the startup time. */
    private static OkHttpClient.Builder secure(OkHttpClient.Builder builder, TrustedCertificates trust) {
        try {
            X509TrustManager manager = trust.manager();
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(new KeyManager[0], new TrustManager[] {manager}, new SecureRandom());
            return builder.connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
                    .sslSocketFactory(tls.getSocketFactory(), manager);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not available on this Java platform", e);
        }
    }

    /** Loads the JSON parser, so that the first request does not wait for it. */
    void prepare() {
        Json.MAPPER.createObjectNode();
    }

    /** Never throws. */
    Decision checkUser(BearerToken token) {
        Request request = new Request.Builder()
                .url(checkUser)
                .header("Authorization", token.authorization())
                .post(body)
                .build();
        try (Response response = http.newCall(request).execute()) {
            return response.code() == 200 ? read(response) : rejected(response.code());
        } catch (JsonProcessingException e) {
            return new IamUnavailable("the IAM's response is not JSON", false);
        } catch (Exception e) {
            // Kotlin throws undeclared checked exceptions, for instance on an interrupt;
            // messages may quote the request, so only the type is reported
            return new IamUnavailable(e.getClass().getSimpleName(), true);
        }
    }

    /** A 4xx rejects the token, unless it reports a wrong URL or a limit of the IAM. */
    private static Decision rejected(int status) {
        return switch (status) {
            case 401 -> new Unauthenticated();
            case 403 -> new Denied("");
            case 404, 405, 407, 408, 429 -> new IamUnavailable("the IAM returned " + status, false);
            default ->
                status >= 400 && status < 500
                        ? new Unauthenticated()
                        : new IamUnavailable("the IAM returned " + status, status >= 500);
        };
    }

    private Decision read(Response response) throws IOException {
        JsonNode user =
                Json.MAPPER.readTree(response.peekBody(MAX_RESPONSE_LENGTH).bytes());
        JsonNode subject = user.path("sub");
        JsonNode granted = user.path("permissions");
        boolean complete = granted.isArray() || permissions.none() && (granted.isMissingNode() || granted.isNull());
        if (!subject.isTextual() || subject.textValue().isBlank() || !complete) {
            return new IamUnavailable("the IAM's response has no sub or no permissions", false);
        }
        String name =
                subject.textValue().substring(0, Math.min(subject.textValue().length(), MAX_SUBJECT_LENGTH));
        return permissions.grantedBy(granted) ? new Allowed(name) : new Denied(name);
    }

    @Override
    public void close() {
        http.connectionPool().evictAll();
    }
}
