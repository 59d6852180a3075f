package io.sharedinference.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostResolverTest {
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final InetAddress[] SOME = {InetAddress.getLoopbackAddress()};

    private final CountDownLatch never = new CountDownLatch(1);
    private volatile HostResolver.Resolver response = host -> SOME;
    private final AtomicInteger lookups = new AtomicInteger();
    private final HostResolver names = new HostResolver(
            host -> {
                lookups.incrementAndGet();
                return response.lookUp(host);
            },
            TIMEOUT);

    @Test
    void hangingLookupsTimeOut() throws Exception {
        response = this::hang;
        assertEquals(List.of(), addresses());
    }

    @Test
    void concurrentLookupsAreShared() throws Exception {
        response = this::hang;
        List<CompletableFuture<List<InetAddress>>> waiting =
                IntStream.range(0, 50).mapToObj(i -> names.addresses("host")).toList();
        for (CompletableFuture<List<InetAddress>> each : waiting) {
            assertEquals(List.of(), each.get(10, TimeUnit.SECONDS));
        }
        assertEquals(1, lookups.get());
    }

    @Test
    void lastKnownAddressesAreUsedWhileLookupsFailOrHang() throws Exception {
        assertEquals(List.of(SOME), addresses());
        response = this::fail;
        assertEquals(List.of(SOME), addresses());
        response = this::hang;
        assertEquals(List.of(SOME), addresses());
    }

    @Test
    void newAddressesAreUsedAtOnceAndFailuresAreNotCached() throws Exception {
        response = this::fail;
        assertEquals(List.of(), addresses());
        response = host -> SOME;
        assertEquals(List.of(SOME), addresses());
        InetAddress moved = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        response = host -> new InetAddress[] {moved};
        assertEquals(List.of(moved), addresses());
    }

    private List<InetAddress> addresses() throws Exception {
        return names.addresses("host").get(10, TimeUnit.SECONDS);
    }

    private InetAddress[] hang(String host) {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return SOME;
    }

    private InetAddress[] fail(String host) throws UnknownHostException {
        throw new UnknownHostException(host);
    }
}
