package io.sharedinference.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;

/** The shared installation as this machine sees it, past the proxy. */
final class SharedProbe {

    private final Http http;
    private final Installation shared;
    private final String tenantStack;

    SharedProbe(Http http, Installation shared, String tenantStack) {
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

    /** The version; a failure if something else than an inference API answers there, or nothing does. */
    String requireVersion() throws HopFailure {
        Answer answer = get("version", false);
        return answer.version()
                .orElseThrow(() -> new HopFailure(
                        Hop.SHARED_URL,
                        shared.url() + " is no inference API: GET /version answered " + answer.summary(),
                        "Correct domain or inferenceApiUrl of stack " + shared.stack() + ", then run pulumi up -s "
                                + shared.stack() + " and pulumi up -s " + tenantStack + "."));
    }

    /** The models that the tenant's service user sees. */
    JsonNode requireModels() throws HopFailure {
        Answer answer = get("model-settings", true);
        if (answer.refused()) {
            throw new HopFailure(
                    Hop.SHARED_TOKEN,
                    "the shared installation refuses the tenant's service token: " + answer.summary(),
                    "Look whether the tenant is in the list of tenants of stack " + shared.stack()
                            + ", then run pulumi up -s " + shared.stack() + " and pulumi up -s " + tenantStack + ".");
        }
        return answer.models()
                .orElseThrow(() -> new HopFailure(
                        Hop.SHARED_URL,
                        "GET /model-settings at " + shared.url() + " answered " + answer.summary(),
                        "Look at the logs of the shared installation's inference."));
    }

    private Answer get(String path, boolean asServiceUser) throws HopFailure {
        try {
            return http.get(shared, path, Optional.of(shared.token()).filter(token -> asServiceUser), new Phases());
        } catch (UnknownCa e) {
            throw new HopFailure(
                    Hop.SHARED_URL,
                    "the shared inference, " + shared.url() + ": " + e.getMessage(),
                    "Name the CA that signed it, for the proxies too: pulumi config set inferenceApiCa -s "
                            + shared.stack() + " < ca.pem, then pulumi up -s " + shared.stack() + " and pulumi up -s "
                            + tenantStack + ".");
        } catch (HopFailure e) {
            throw new HopFailure(
                    Hop.SHARED_URL,
                    "the shared inference, " + shared.url() + ": " + e.getMessage(),
                    e.remedy() + " If only this machine can't reach it, verify from one that can.");
        }
    }
}
