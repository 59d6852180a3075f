package io.sharedinference.shared;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.Secret;
import io.sharedinference.release.DeployException;
import io.sharedinference.release.Installation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The token that the chart makes for a tenant's service user. */
final class ServiceToken {

    private static final String KEY = "token";

    private ServiceToken() {
    }

    /** Secret; unknown while the release is yet to be made or changed. */
    static Output<String> of(String tenant, Installation installation, String namespace) {
        var name = "pharia-iam-service-user-" + tenant;
        // the id comes from the release's status: a literal one is read at once, and fails a preview before the first `up`
        var id = installation.status().applyValue(status -> status.namespace().orElse(namespace) + "/" + name);
        var secret = Secret.get("shared-" + name, id, installation.afterRelease());
        return secret.data().applyValue(data -> decode(data, namespace + "/" + name)).asSecret();
    }

    static String decode(Map<String, String> data, String secret) {
        var encoded = data == null ? "" : data.getOrDefault(KEY, "");
        var token = decoded(encoded.strip(), secret);
        if (token.isBlank()) {
            throw new DeployException("the chart's Secret " + secret + " has no token under the key '" + KEY + "', so its tenant can't be let in. "
                    + "To do: see with `kubectl get secret` whether the chart's IAM makes it later or with another name, then run `pulumi up` again");
        }
        return token;
    }

    private static String decoded(String encoded, String secret) {
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // no cause: its message quotes the token
            throw new DeployException("the Secret " + secret + " isn't base64 under the key '" + KEY + "'. To do: run `pulumi refresh`, then `pulumi up` again");
        }
    }
}
