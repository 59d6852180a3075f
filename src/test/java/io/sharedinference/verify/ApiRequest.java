package io.sharedinference.verify;

import io.sharedinference.kubernetes.EnvironmentProxySelector;
import io.sharedinference.secrets.Token;
import java.net.URI;
import java.util.Optional;

/** A program that calls an inference API through the proxies of the environment. */
public final class ApiRequest {

    private ApiRequest() {}

    public static void main(String[] arguments) {
        EnvironmentProxySelector.install(System.getenv());
        var api = new ApiEndpoint("any", URI.create(arguments[0]), Token.of("any"), Optional.empty());
        System.out.println(new TokenCheck(Optional.empty()).check(api));
    }
}
