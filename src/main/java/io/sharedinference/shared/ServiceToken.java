package io.sharedinference.shared;

import com.pulumi.core.Output;
import com.pulumi.core.internal.Constants;
import com.pulumi.core.internal.Internal;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.resources.CustomResourceOptions;
import io.sharedinference.config.ServiceUsers;
import io.sharedinference.release.DeployException;
import io.sharedinference.release.Installation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The token that the chart makes for a service user. */
final class ServiceToken {

    private static final String KEY = "token";

    private ServiceToken() {}

    /** Where the chart keeps a service user's token, as {@code namespace/name}. */
    static String secretOf(String serviceUser, String namespace) {
        return namespace + "/" + ServiceUsers.SECRET + serviceUser;
    }

    /** Secret; unknown while the release is yet to be made or changed. */
    static Output<String> of(String serviceUser, Installation installation, String namespace) {
        var secret = secretOf(serviceUser, namespace);
        return read(
                "shared-" + ServiceUsers.SECRET + serviceUser,
                secret,
                id(installation, secret),
                installation.afterRelease());
    }

    /** Secret; read at once when the id is known. */
    static Output<String> read(String name, String secret, Output<String> id, CustomResourceOptions options) {
        return Secret.get(name, id, options)
                .data()
                .applyValue(data -> decode(data, secret))
                .asSecret();
    }

    /**
     * Only known when the release is as it will be: a known id is read at once, and fails a preview before the first `up`.
     * An unknown one the SDK takes for none, and previews a Secret to be created; so the engine gets its own sign for it.
     */
    private static Output<String> id(Installation installation, String id) {
        return Output.of(Internal.of(installation.status())
                .getDataAsync()
                .thenApply(status -> status.isKnown() ? id : Constants.UnknownValue));
    }

    static String decode(Map<String, String> data, String secret) {
        var encoded = data == null ? "" : data.getOrDefault(KEY, "");
        var token = decoded(encoded.strip(), secret);
        if (token.isBlank()) {
            throw new DeployException(
                    "the chart's Secret " + secret + " has no token under the key '" + KEY
                            + "', so its tenant can't be let in. "
                            + "To do: see with `kubectl get secret` whether the chart's IAM makes it later or with another name, then run `pulumi up` again");
        }
        return token;
    }

    private static String decoded(String encoded, String secret) {
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // no cause: its message quotes the token
            throw new DeployException("the Secret " + secret + " isn't base64 under the key '" + KEY
                    + "'. To do: run `pulumi refresh`, then `pulumi up` again");
        }
    }
}
