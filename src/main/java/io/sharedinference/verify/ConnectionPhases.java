package io.sharedinference.verify;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;

/** Records which connection phases of one call completed. Thread-safe: OkHttp tries connections concurrently. */
final class ConnectionPhases extends EventListener {

    private final Map<Hop, Long> started = new EnumMap<>(Hop.class);
    private final Map<Hop, HopResult> passed = new EnumMap<>(Hop.class);

    synchronized List<HopResult> passed() {
        return List.copyOf(passed.values());
    }

    synchronized boolean has(Hop hop) {
        return passed.containsKey(hop);
    }

    private synchronized void start(Hop hop) {
        started.putIfAbsent(hop, System.nanoTime());
    }

    private synchronized void end(Hop hop, String detail) {
        var now = System.nanoTime();
        var taken = Duration.ofNanos(now - started.getOrDefault(hop, now));
        passed.putIfAbsent(hop, new HopResult.Passed(hop, detail, taken));
    }

    @Override
    public void dnsStart(Call call, String domainName) {
        start(Hop.DNS);
    }

    @Override
    public void dnsEnd(Call call, String domainName, List<InetAddress> addresses) {
        end(
                Hop.DNS,
                domainName + " resolves to "
                        + addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", ")));
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        start(Hop.CONNECT);
    }

    @Override
    public void secureConnectStart(Call call) {
        end(Hop.CONNECT, "port " + call.request().url().port() + " is open");
        start(Hop.TLS);
    }

    @Override
    public void secureConnectEnd(Call call, Handshake handshake) {
        end(Hop.TLS, handshake == null ? "encrypted" : handshake.tlsVersion().javaName());
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, Protocol protocol) {
        end(Hop.CONNECT, "port " + call.request().url().port() + " is open");
    }
}
