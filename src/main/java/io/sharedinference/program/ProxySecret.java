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
 * What the proxy knows of the shared installation. As {@code data} and not {@code stringData}, which the API server turns
 * into the former, so that a refresh compares like with like.
 */
final class ProxySecret {

    private ProxySecret() {}

    /** With plain texts for name and namespace: were they outputs, whatever uses them would be replaced with the Secret. */
    static Secret declare(String namespace, SharedAccess shared, CustomResourceOptions options) {
        return new Secret(
                "tenant-" + ObjectNames.SECRET,
                SecretArgs.builder()
                        .metadata(ObjectMetaArgs.builder()
                                .name(ObjectNames.SECRET)
                                .namespace(namespace)
                                .annotations(OwnObject.ANNOTATIONS)
                                .build())
                        .type("Opaque")
                        .data(Output.ofSecret(data(shared)))
                        .build(),
                options);
    }

    /** The CA travels with URL and token, so that a chart needs to know nothing of it and all three change at once. */
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
