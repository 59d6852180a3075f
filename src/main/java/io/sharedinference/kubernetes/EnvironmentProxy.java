package io.sharedinference.kubernetes;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in either case, with the semantics of Go programs. */
final class EnvironmentProxy {

    private EnvironmentProxy() {}

    /** Proxy for the server; empty for a direct connection. */
    static Optional<String> of(Map<String, String> environment, String server) {
        var url = URI.create(server);
        var host = Optional.ofNullable(url.getHost()).orElse("");
        var name = "http".equals(url.getScheme()) ? "HTTP_PROXY" : "HTTPS_PROXY";
        return variable(environment, name)
                .filter(proxy -> !isLoopback(host))
                .filter(proxy -> variable(environment, "NO_PROXY").stream()
                        .flatMap(list -> Arrays.stream(list.split(",")))
                        .map(String::strip)
                        .noneMatch(entry -> excludes(entry, host, url.getPort())))
                .map(proxy -> proxy.contains("://") ? proxy : "http://" + proxy);
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Stream.of(name, name.toLowerCase(Locale.ROOT))
                .map(spelling -> environment.getOrDefault(spelling, ""))
                .filter(value -> !value.isBlank())
                .findFirst();
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private static boolean excludes(String entry, String host, int port) {
        if (entry.isEmpty()) {
            return false;
        }
        if (entry.contains("/")) {
            return AddressRange.contains(entry, host);
        }
        var plain = entry.replaceFirst(":" + port + "$", "");
        var domain = plain.startsWith("*.") ? plain.substring(1) : plain;
        return plain.equals("*")
                || host.equalsIgnoreCase(domain)
                || host.toLowerCase(Locale.ROOT)
                        .endsWith((domain.startsWith(".") ? domain : "." + domain).toLowerCase(Locale.ROOT));
    }
}
