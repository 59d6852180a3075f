package io.sharedinference.image;

import io.sharedinference.kubernetes.EnvironmentProxies;
import java.util.Optional;

/** A program that asks a registry, with the environment's proxies. */
public final class RegistryRequest {

    private RegistryRequest() {}

    public static void main(String[] arguments) {
        EnvironmentProxies.install(System.getenv());
        var config = new ProxyImageConfig(Optional.empty(), arguments[0], "base", Optional.empty(), false);
        new Registry(config).digest(ImageName.parse("image", arguments[0] + ":1"));
    }
}
