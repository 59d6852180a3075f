package io.sharedinference.tenant;

import com.pulumi.core.Output;
import com.pulumi.core.internal.Constants;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.resources.CustomResourceOptions;
import io.sharedinference.release.Token;
import io.sharedinference.shared.SharedAccess;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * What the proxy knows of the shared installation. As {@code data} and not {@code stringData}, which the API server turns
 * into the former, so that a refresh compares like with like.
 */
final class ProxySecret {

    static final String NAME = "inference-api-proxy-secret";

    private ProxySecret() {}

    /** With plain texts for name and namespace: were they outputs, whatever uses them would be replaced with the Secret. */
    static Secret declare(String namespace, SharedAccess shared, CustomResourceOptions options) {
        return new Secret(
                "tenant-" + NAME,
                SecretArgs.builder()
                        .metadata(ObjectMetaArgs.builder()
                                .name(NAME)
                                .namespace(namespace)
                                .build())
                        .type("Opaque")
                        .data(Output.ofSecret(Map.of(
                                "remote-inference-api-url", base64(shared.inferenceApiUrl()),
                                "remote-inference-api-token",
                                        shared.token().map(Token::base64).orElse(Constants.UnknownValue))))
                        .build(),
                options);
    }

    private static String base64(URI url) {
        return Base64.getEncoder().encodeToString(url.toString().getBytes(StandardCharsets.UTF_8));
    }
}
