package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.core.Output;
import java.net.URI;

/**
 * Outputs of a tenant stack and their names. None is secret.
 *
 * @param proxyImage       reference with digest, or {@code chart}
 * @param tokenFingerprint fingerprint of the token in use
 */
public record TenantOutputs(URI inferenceApiUrl, String proxyImage, String namespace, String tokenFingerprint) {

    public static final String PROXY_IMAGE = "proxyImage";
    public static final String TOKEN_FINGERPRINT = "tokenFingerprint";

    void export(Context ctx) {
        ctx.export(SharedOutputs.INFERENCE_API_URL, Output.of(inferenceApiUrl.toString()));
        ctx.export(PROXY_IMAGE, Output.of(proxyImage));
        ctx.export(SharedOutputs.NAMESPACE, Output.of(namespace));
        ctx.export(TOKEN_FINGERPRINT, Output.of(tokenFingerprint));
    }
}
