package io.sharedinference.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.project.Key;
import java.net.URI;
import java.util.Optional;

/** The shared API, called directly from this machine instead of through the proxy. */
final class SharedApi {

    private final ApiClient http;
    private final ApiEndpoint shared;
    private final String tenantStack;

    SharedApi(ApiClient http, ApiEndpoint shared, String tenantStack) {
        this.http = http;
        this.shared = shared;
        this.tenantStack = tenantStack;
    }

    String stack() {
        return shared.stack();
    }

    URI url() {
        return shared.url();
    }

    /** @throws HopException if no inference API responds at the URL */
    String requireVersion() throws HopException {
        ApiResponse response = get("version", false);
        return response.version()
                .orElseThrow(() -> new HopException(
                        Hop.SHARED_URL,
                        shared.url() + " is not an inference API: GET /version returned " + response.summary(),
                        "correct " + Key.DOMAIN.key() + " or " + Key.INFERENCE_API_URL.key() + " of stack "
                                + shared.stack() + ", then run pulumi up -s " + shared.stack() + " and pulumi up -s "
                                + tenantStack + "."));
    }

    /** The models available to the tenant's service user. */
    JsonNode requireModels() throws HopException {
        ApiResponse response = get("model-settings", true);
        if (response.unauthorized()) {
            throw new HopException(
                    Hop.SHARED_TOKEN,
                    "the shared API rejects the tenant's service token: " + response.summary(),
                    "check that " + Key.TENANTS.key() + " of stack " + shared.stack()
                            + " lists the tenant, then run pulumi up -s " + shared.stack() + " and pulumi up -s "
                            + tenantStack + ".");
        }
        return response.models()
                .orElseThrow(() -> new HopException(
                        Hop.SHARED_URL,
                        "GET /model-settings at " + shared.url() + " returned " + response.summary(),
                        "check the logs of inference in the shared installation."));
    }

    private ApiResponse get(String path, boolean asServiceUser) throws HopException {
        try {
            return http.get(
                    shared, path, Optional.of(shared.token()).filter(token -> asServiceUser), new ConnectionPhases());
        } catch (UntrustedCertificateException e) {
            throw new HopException(
                    Hop.SHARED_URL,
                    "the shared API at " + shared.url() + ": " + e.getMessage(),
                    "configure its CA, for the proxies too: pulumi config set " + Key.INFERENCE_API_CA.key() + " -s "
                            + shared.stack() + " < ca.pem, then pulumi up -s " + shared.stack() + " and pulumi up -s "
                            + tenantStack + ".");
        } catch (HopException e) {
            throw new HopException(
                    Hop.SHARED_URL,
                    "the shared API at " + shared.url() + ": " + e.getMessage(),
                    e.fix() + " If only this machine cannot reach it, run verify on one that can.");
        }
    }
}
