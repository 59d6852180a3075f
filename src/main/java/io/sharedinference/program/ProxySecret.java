package io.sharedinference.program;

import com.pulumi.core.Output;
import com.pulumi.core.internal.Constants;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.resources.CustomResourceOptions;
import io.sharedinference.secrets.Token;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Secret with the proxy's access to the shared installation. Uses {@code data} instead of {@code stringData}, which the
 * API server converts, so that a refresh finds no difference.
 */
final class ProxySecret {

    private ProxySecret() {}

    /** Name and namespace are plain strings: as outputs they would cause dependents to be replaced with the Secret. */
    static Secret declare(String namespace, SharedAccess shared, CustomResourceOptions options) {
        return new Secret(
                "tenant-" + ObjectNames.SECRET,
                SecretArgs.builder()
                        .metadata(ObjectMetaArgs.builder()
                                .name(ObjectNames.SECRET)
                                .namespace(namespace)
                                .annotations(TenantObjects.FORCED_PATCH)
                                .build())
                        .type("Opaque")
                        .data(Output.ofSecret(data(shared)))
                        .build(),
                options);
    }

    /** The CA is stored with URL and token, so that the chart needs no change and all three are updated at once. */
    private static Map<String, String> data(SharedAccess shared) {
        var data = new TreeMap<String, String>();
        data.put(ObjectNames.URL, base64(shared.inferenceApiUrl().toString()));
        data.put(ObjectNames.TOKEN, shared.token().map(Token::base64).orElse(Constants.UnknownValue));
        shared.inferenceApiCa().ifPresent(pem -> data.put(ObjectNames.CA, base64(pem)));
        return data;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
