package io.sharedinference.image;

import io.sharedinference.kubernetes.EnvironmentProxySelector;
import io.sharedinference.project.JavaRuntime;
import io.sharedinference.project.ProxyImageConfig;
import java.util.Optional;

/** A program that asks a registry, with the environment's proxies. */
public final class RegistryRequest {

    private RegistryRequest() {}

    public static void main(String[] arguments) {
        EnvironmentProxySelector.install(System.getenv());
        var config = new ProxyImageConfig(
                Optional.empty(), arguments[0], new JavaRuntime.Linked("base"), Optional.empty(), false);
        new Registry(config).digest(ImageName.parse("image", arguments[0] + ":1"));
    }
}
