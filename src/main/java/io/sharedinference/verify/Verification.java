package io.sharedinference.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.project.Key;
import io.sharedinference.secrets.Token;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Verifies each hop from a tenant's user to the shared API, and reports the first that fails with its fix. Without a user's
 * token, the tenant's IAM must reject an invalid one instead. Read-only. For a single run.
 */
public final class Verification {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ApiEndpoint tenant;
    private final boolean withUserToken;
    private final ApiClient http;
    private final SharedApi shared;
    private final ProxyErrors proxyErrors;
    private final Consumer<HopResult> listener;
    private final List<HopResult> results = new ArrayList<>();
    private long mark;

    Verification(
            ApiEndpoint tenant,
            boolean withUserToken,
            ApiEndpoint shared,
            ApiClient http,
            Consumer<HopResult> listener) {
        this.tenant = tenant;
        this.withUserToken = withUserToken;
        this.http = http;
        this.shared = new SharedApi(http, shared, tenant.stack());
        this.proxyErrors = new ProxyErrors(tenant, this.shared);
        this.listener = listener;
    }

    /**
     * @param caFile   file of CA certificates, in PEM, to trust in addition to the JDK's
     * @param listener receives each result when it is available
     * @throws VerificationException if {@code caFile} cannot be read
     */
    public static VerificationReport run(
            ApiEndpoint tenant, ApiEndpoint shared, Optional<Path> caFile, Consumer<HopResult> listener) {
        return new Verification(tenant, true, shared, new ApiClient(TIMEOUT, caFile), listener).run();
    }

    /** Verifies the tenant that this stack deploys at {@code url}, without a user's token. */
    public static VerificationReport runWithoutUser(
            String stack, URI url, ApiEndpoint shared, Optional<Path> caFile, Consumer<HopResult> listener) {
        var tenant = new ApiEndpoint(stack, url, invalidToken());
        return new Verification(tenant, false, shared, new ApiClient(TIMEOUT, caFile), listener).run();
    }

    private static Token invalidToken() {
        return Token.of("invalid-" + UUID.randomUUID());
    }

    VerificationReport run() {
        mark = System.nanoTime();
        try {
            reachProxy();
            if (withUserToken) {
                compare(modelsThroughProxy(), sharedModels());
            } else {
                requireIam();
                sharedModels();
            }
        } catch (HopException e) {
            add(new HopResult.Failed(e.hop(), e.getMessage(), e.fix(), elapsed()));
        }
        return new VerificationReport(results);
    }

    private void reachProxy() throws HopException {
        ConnectionPhases phases = new ConnectionPhases();
        ApiResponse response;
        try {
            response = http.get(tenant, "version", Optional.empty(), phases);
        } finally {
            phases.passed().forEach(this::add);
        }
        pass(Hop.PROXY, version(response));
    }

    private String version(ApiResponse response) throws HopException {
        if (response.version().isPresent()) {
            return "version " + response.version().get();
        }
        requireNoProxyError(response);
        // the proxy passes responses of the shared URL on, so a wrong URL shows here first
        shared.requireVersion();
        // a chart's own proxy may require a token for each path
        if (response.unauthorized() && !withUserToken) {
            return "version unknown, GET /version requires a token";
        }
        return "version " + requireVersion(response.unauthorized() ? get("version") : response);
    }

    private String requireVersion(ApiResponse response) throws HopException {
        return response.version()
                .orElseThrow(() -> new HopException(
                        Hop.PROXY,
                        "GET /version at " + tenant.url() + " must return a semantic version, but returned "
                                + response.summary(),
                        "correct " + Key.INFERENCE_API_URL.key() + " of stack " + tenant.stack()
                                + ", and check that its ingress routes to the inference-api-proxy."));
    }

    private void requireIam() throws HopException {
        ApiResponse response = modelSettings();
        if (response.proxyErrorCode()
                .filter(code -> !code.equals(ProxyErrors.UNAUTHENTICATED))
                .isPresent()) {
            throw proxyErrors.explain(response.proxyErrorCode().get(), response);
        }
        if (response.status() != 401) {
            throw new HopException(
                    Hop.TENANT_IAM,
                    "an invalid token is not rejected: GET /model-settings returned " + response.summary(),
                    "check that " + Key.INFERENCE_API_URL.key() + " of stack " + tenant.stack()
                            + " routes to the inference-api-proxy, and " + Key.IAM_URL.key()
                            + " to the tenant's own IAM.");
        }
        pass(Hop.TENANT_IAM, "rejects an invalid token");
    }

    private JsonNode modelsThroughProxy() throws HopException {
        ApiResponse response = modelSettings();
        requireNoProxyError(response);
        if (response.unauthorized()) {
            requireOurProxy(response);
            pass(Hop.TENANT_IAM, "accepts the user's token");
            throw serviceTokenRejected(response);
        }
        pass(Hop.TENANT_IAM, "accepts the user's token");
        if (response.models().isEmpty()) {
            shared.requireVersion();
        }
        JsonNode models = response.models()
                .orElseThrow(() -> new HopException(
                        Hop.SHARED_API,
                        "GET /model-settings through the proxy returned " + response.summary(),
                        "check the logs of inference in the shared installation."));
        pass(Hop.SHARED_API, count(models));
        return models;
    }

    private JsonNode sharedModels() throws HopException {
        pass(Hop.SHARED_URL, "version " + shared.requireVersion());
        JsonNode models = shared.requireModels();
        pass(Hop.SHARED_TOKEN, "accepted by the shared API");
        return models;
    }

    private void compare(JsonNode tenantModels, JsonNode sharedModels) throws HopException {
        if (!Models.differences(tenantModels, sharedModels).isEmpty()) {
            // a model may have changed its status between the two calls
            JsonNode again = modelSettings().models().orElse(tenantModels);
            List<String> differences = Models.differences(again, shared.requireModels());
            if (!differences.isEmpty()) {
                throw new HopException(
                        Hop.MODELS,
                        "the models differ from the shared installation: " + String.join("; ", differences),
                        "point the proxy to the right installation: run pulumi up --refresh -s " + tenant.stack()
                                + ".");
            }
        }
        pass(Hop.MODELS, count(tenantModels) + ", identical at both");
    }

    private ApiResponse modelSettings() throws HopException {
        return get("model-settings");
    }

    private ApiResponse get(String path) throws HopException {
        return http.get(tenant, path, Optional.of(tenant.token()), new ConnectionPhases());
    }

    private void requireNoProxyError(ApiResponse response) throws HopException {
        if (response.proxyErrorCode().isPresent()) {
            throw proxyErrors.explain(response.proxyErrorCode().get(), response);
        }
    }

    /** A chart's own proxy does not say whose token was rejected. Ours marks its own responses, such as to an invalid token. */
    private void requireOurProxy(ApiResponse rejection) throws HopException {
        Optional<Token> invalid = Optional.of(invalidToken());
        if (http.get(tenant, "model-settings", invalid, new ConnectionPhases())
                .proxyErrorCode()
                .isEmpty()) {
            throw new HopException(
                    Hop.TENANT_IAM,
                    "the chart's own proxy returned " + rejection.summary()
                            + ", for the user's token or for the tenant's token at the shared API",
                    "get a new token for the user. If that is rejected, too, run pulumi up --refresh -s "
                            + tenant.stack() + " to replace the proxy's token, and restart the proxy.");
        }
    }

    private HopException serviceTokenRejected(ApiResponse response) throws HopException {
        shared.requireVersion();
        shared.requireModels();
        return new HopException(
                Hop.SHARED_TOKEN,
                "the shared API rejects the token that the proxy sends (" + response.summary()
                        + "), but accepts the one in the stack's outputs",
                "run pulumi up --refresh -s " + tenant.stack() + " to replace the proxy's token.");
    }

    private static String count(JsonNode models) {
        return models.size() == 1 ? "1 model" : models.size() + " models";
    }

    private void pass(Hop hop, String detail) {
        add(new HopResult.Passed(hop, detail, elapsed()));
        mark = System.nanoTime();
    }

    private void add(HopResult result) {
        results.add(result);
        listener.accept(result);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - mark);
    }
}
