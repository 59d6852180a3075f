package io.sharedinference.verify;

import io.sharedinference.kubernetes.EnvironmentProxySelector;
import io.sharedinference.secrets.Token;
import java.net.URI;
import java.util.Optional;

/** A program that asks an inference API, with the environment's proxies. */
public final class ApiRequest {

    private ApiRequest() {}

    public static void main(String[] arguments) {
        EnvironmentProxySelector.install(System.getenv());
        var api = new Installation("any", URI.create(arguments[0]), Token.of("any"), Optional.empty());
        System.out.println(new Access(Optional.empty()).of(api));
    }
}
