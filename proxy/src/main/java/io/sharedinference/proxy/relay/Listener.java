package io.sharedinference.proxy.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.auth.Authentication;
import io.sharedinference.proxy.limits.RequestLimits;
import io.sharedinference.proxy.telemetry.AccessLog;
import io.sharedinference.proxy.telemetry.Log;
import io.sharedinference.proxy.telemetry.RequestMetrics;
import io.sharedinference.proxy.telemetry.WorkerMetrics;
import io.sharedinference.proxy.upstream.SecretState;
import io.sharedinference.proxy.upstream.Transport;
import io.sharedinference.proxy.upstream.UpstreamPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Accepts clients and relays their requests to the shared API. Thread-safe. */
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 4096;
    /** In bytes. An upload buffers at most one read, and as much again for the shared API. */
    private static final int MAX_READ = 16 * 1024;
    /** Of a response to a client that does not read, in bytes. Half of Netty's default: thousands may do so. */
    private static final int WRITE_BUFFER = 32 * 1024;

    private final Channel server;
    private final DrainState drain;
    private final AtomicInteger open;

    private Listener(Channel server, DrainState drain, AtomicInteger open) {
        this.server = server;
        this.drain = drain;
        this.open = open;
    }

    /**
     * Binds and serves.
     *
     * @param secret provides the shared API and the tenant's token, once per request
     * @throws IOException if the port cannot be bound
     */
    public static Listener start(
            RelaySettings settings,
            Transport transport,
            Authentication authentication,
            Supplier<SecretState> secret,
            Log log,
            PrometheusRegistry registry)
            throws IOException {
        WorkerContext context = new WorkerContext(
                settings,
                authentication,
                new RequestLimits(settings.quotas(), registry, System::nanoTime),
                secret,
                new AccessLog(log, settings.accessLog()),
                new DrainState());
        RequestMetrics metrics = new RequestMetrics(registry, settings.userMetrics());
        AtomicInteger open = new AtomicInteger();
        ClientInitializer clients = new ClientInitializer(
                workers(context, transport, metrics), settings.limits().connections(), open);
        metrics.gauge("inference_proxy_client_connections", "Open client connections", open::get);
        return new Listener(bind(settings.port(), transport, clients), context.drain(), open);
    }

    private static Map<EventLoop, Worker> workers(WorkerContext context, Transport transport, RequestMetrics metrics) {
        RelaySettings settings = context.settings();
        Function<EventLoop, UpstreamPool> pools =
                UpstreamPool.pools(transport, settings.connectTimeout(), settings.connectionAge());
        List<WorkerMetrics> counted = new ArrayList<>();
        Map<EventLoop, Worker> workers = new HashMap<>();
        for (EventExecutor executor : transport.loops()) {
            EventLoop loop = (EventLoop) executor;
            WorkerMetrics workerMetrics = new WorkerMetrics(metrics);
            counted.add(workerMetrics);
            workers.put(loop, new Worker(loop, pools.apply(loop), workerMetrics, context));
        }
        gauges(metrics, counted);
        return workers;
    }

    private static void gauges(RequestMetrics metrics, List<WorkerMetrics> counted) {
        metrics.gauge(
                "http_server_active_requests",
                "Requests in progress",
                () -> counted.stream().mapToInt(WorkerMetrics::active).sum());
        metrics.gauge(
                "inference_proxy_active_streams",
                "Event streams in progress",
                () -> counted.stream().mapToInt(WorkerMetrics::streams).sum());
    }

    private static Channel bind(int port, Transport transport, ClientInitializer clients) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(transport.loops())
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, Transport.reads(MAX_READ))
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(WRITE_BUFFER / 2, WRITE_BUFFER))
                .childHandler(clients)
                .bind(port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "API_PORT " + port + " cannot be bound: " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    /** The bound port. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** The number of open client connections. */
    public int connections() {
        return open.get();
    }

    /**
     * Drains: responses announce the close, then no connection is accepted, then exchanges may finish. Blocks.
     *
     * @param delay how long new connections are accepted, until load balancers have noticed
     * @param timeout how long exchanges may take after that
     * @return the number of connections that were still open
     */
    public int drain(Duration delay, Duration timeout) throws InterruptedException {
        drain.announce();
        Thread.sleep(delay);
        server.close().awaitUninterruptibly();
        drain.closeIdle();
        long end = System.nanoTime() + timeout.toNanos();
        while (open.get() > 0 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        return open.get();
    }

    /** Stops accepting. Open connections stay until the transport closes. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
    }
}
