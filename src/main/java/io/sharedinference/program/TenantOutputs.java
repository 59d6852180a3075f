package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.core.Output;
import java.net.URI;

/**
 * Outputs of a tenant stack. None is secret.
 *
 * @param proxyImage       reference with digest, or {@code chart}
 * @param tokenFingerprint fingerprint of the token in use
 */
record TenantOutputs(URI inferenceApiUrl, String proxyImage, String namespace, String tokenFingerprint) {

    void export(Context ctx) {
        ctx.export(SharedOutputs.INFERENCE_API_URL, Output.of(inferenceApiUrl.toString()));
        ctx.export("proxyImage", Output.of(proxyImage));
        ctx.export(SharedOutputs.NAMESPACE, Output.of(namespace));
        ctx.export("tokenFingerprint", Output.of(tokenFingerprint));
    }
}
