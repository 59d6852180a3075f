package io.sharedinference.kubernetes;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Applies HTTPS_PROXY, HTTP_PROXY and NO_PROXY to this process, as Pulumi, Helm and kubectl do. */
public final class EnvironmentProxySelector extends ProxySelector {

    private final Map<String, String> environment;

    EnvironmentProxySelector(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Installs the selector for OkHttp, the JDK and Jib. Call it once, before creating clients. */
    public static void install(Map<String, String> environment) {
        setDefault(new EnvironmentProxySelector(environment));
        System.getProperties().putIfAbsent("jdk.http.auth.tunneling.disabledSchemes", ""); // disables Basic by default
        Authenticator.setDefault(new Login(environment));
    }

    @Override
    public List<Proxy> select(URI uri) {
        if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
            return List.of(Proxy.NO_PROXY); // also called for plain sockets
        }
        return List.of(EnvironmentProxy.of(environment, uri.toString())
                .map(URI::create)
                .map(EnvironmentProxySelector::proxy)
                .orElse(Proxy.NO_PROXY));
    }

    private static Proxy proxy(URI url) {
        boolean socks = url.getScheme().startsWith("socks");
        int defaultPort = socks ? 1080 : url.getScheme().equals("https") ? 443 : 80;
        return new Proxy(
                socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved(url.getHost(), url.getPort() >= 0 ? url.getPort() : defaultPort));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // the request reports the failure
    }

    /** Credentials in a proxy's URL, for that proxy only. */
    private static final class Login extends Authenticator {

        private final Map<String, String> environment;

        private Login(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? login(getRequestingHost(), getRequestingPort()).orElse(null) // no credentials
                    : null;
        }

        private Optional<PasswordAuthentication> login(String host, int port) {
            return Stream.of("https://any.invalid", "http://any.invalid")
                    .flatMap(server -> EnvironmentProxy.of(environment, server).stream())
                    .map(URI::create)
                    .filter(url -> url.getRawUserInfo() != null
                            && ((InetSocketAddress) proxy(url).address()).getPort() == port
                            && url.getHost().equalsIgnoreCase(host))
                    .findFirst()
                    .map(url -> login(url.getRawUserInfo().split(":", 2)));
        }

        private static PasswordAuthentication login(String... parts) {
            return new PasswordAuthentication(
                    decoded(parts[0]), (parts.length > 1 ? decoded(parts[1]) : "").toCharArray());
        }

        private static String decoded(String part) {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}
