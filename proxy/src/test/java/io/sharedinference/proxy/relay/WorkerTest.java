package io.sharedinference.proxy.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.auth.Authentication;
import io.sharedinference.proxy.auth.BearerToken;
import io.sharedinference.proxy.auth.Decision;
import io.sharedinference.proxy.limits.LimitSettings;
import io.sharedinference.proxy.limits.RequestLimits;
import io.sharedinference.proxy.telemetry.AccessLog;
import io.sharedinference.proxy.telemetry.Log;
import io.sharedinference.proxy.telemetry.RequestMetrics;
import io.sharedinference.proxy.telemetry.TraceStart;
import io.sharedinference.proxy.telemetry.WorkerMetrics;
import io.sharedinference.proxy.upstream.SecretState;
import io.sharedinference.proxy.upstream.Transport;
import io.sharedinference.proxy.upstream.UpstreamPool;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** An event loop that runs scheduled tasks at once, before the constructor continues. */
    private static final class QuickLoop extends DefaultEventLoop {
        private final AtomicInteger ran = new AtomicInteger();

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
            task.run();
            ran.incrementAndGet();
            return super.scheduleWithFixedDelay(task, first, delay, unit);
        }
    }

    @Test
    void checksTimeoutsOnlyOnceConstructed() throws Exception {
        QuickLoop eventLoop = new QuickLoop();
        try (Log log = new Log(new ByteArrayOutputStream())) {
            loop(eventLoop, log);
            assertEquals(1, eventLoop.ran.get());
        } finally {
            eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static Worker loop(EventLoop eventLoop, Log log) {
        Transport transport = new Transport("test", eventLoop, NioServerSocketChannel.class, NioSocketChannel.class);
        RelaySettings settings = new RelaySettings(
                0,
                LONG,
                LONG,
                LONG,
                LONG,
                LONG,
                Duration.ZERO,
                new Limits(65_536, 8_192, 1_000, 10, 0, LONG, OptionalLong.of(1_000)),
                LimitSettings.NONE,
                new RequestRules(TraceStart.NEVER, true, new StrippedCredentials(List.of(), List.of())),
                false,
                false,
                OptionalInt.empty());
        return new Worker(
                eventLoop,
                UpstreamPool.pools(transport, LONG, LONG).apply(eventLoop),
                new WorkerMetrics(new RequestMetrics(new PrometheusRegistry(), false)),
                new WorkerContext(
                        settings,
                        new NobodyGetsIn(),
                        new RequestLimits(LimitSettings.NONE, new PrometheusRegistry(), System::nanoTime),
                        () -> new SecretState.Unusable("none"),
                        new AccessLog(log, false),
                        new DrainState()));
    }

    private static final class NobodyGetsIn implements Authentication {
        @Override
        public CompletableFuture<Decision> decide(BearerToken token) {
            return CompletableFuture.completedFuture(new Decision.Unauthenticated());
        }

        @Override
        public void close() {}
    }
}
