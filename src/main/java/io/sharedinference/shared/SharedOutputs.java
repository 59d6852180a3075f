package io.sharedinference.shared;

import com.pulumi.Context;
import com.pulumi.core.Output;
import io.sharedinference.config.SharedConfig;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the shared stack gives to others. This record alone knows the outputs' names, for the stack that writes them and
 * for those that read them. Flat: an output that holds a secret anywhere is secret as a whole.
 *
 * @param tokens by tenant; secret
 */
public record SharedOutputs(
        URI inferenceApiUrl, URI iamUrl, String namespace, List<String> tenants, Map<String, Output<String>> tokens) {

    public static final String INFERENCE_API_URL = "inferenceApiUrl";
    static final String IAM_URL = "iamUrl";
    public static final String NAMESPACE = "namespace";
    static final String TENANTS = "tenants";

    /** The name of the secret output with this tenant's token. */
    public static String tokenOf(String tenant) {
        return "token-" + tenant;
    }

    static SharedOutputs of(SharedConfig config, Function<String, Output<String>> token) {
        var tokens = new LinkedHashMap<String, Output<String>>();
        config.tenants().forEach(tenant -> tokens.put(tenant, token.apply(tenant)));
        var installation = config.installation();
        return new SharedOutputs(
                installation.inferenceApiUrl(),
                installation.iamUrl(),
                installation.namespace(),
                config.tenants(),
                tokens);
    }

    void export(Context ctx) {
        ctx.export(INFERENCE_API_URL, Output.of(inferenceApiUrl.toString()));
        ctx.export(IAM_URL, Output.of(iamUrl.toString()));
        ctx.export(NAMESPACE, Output.of(namespace));
        ctx.export(TENANTS, Output.of(tenants));
        tokens.forEach((tenant, token) -> ctx.export(tokenOf(tenant), token.asSecret()));
    }
}
