package io.sharedinference.proxy.relay;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Assigns accepted connections to the workers of their event loops, and limits their number. Thread-safe. */
final class ClientInitializer extends ChannelInitializer<SocketChannel> {
    /** Connections over the limit that get an error response, which needs a file descriptor, too. */
    private static final int MAX_REJECTED = 1000;

    private final Map<EventLoop, Worker> workers;
    private final int maxConnections;
    private final AtomicInteger open;

    /** {@code open} counts open connections. */
    ClientInitializer(Map<EventLoop, Worker> workers, int maxConnections, AtomicInteger open) {
        this.workers = workers;
        this.maxConnections = maxConnections;
        this.open = open;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        int connections = open.incrementAndGet();
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        if (connections > maxConnections + MAX_REJECTED) {
            channel.close();
            return;
        }
        Worker worker = Objects.requireNonNull(workers.get(channel.eventLoop()));
        channel.pipeline().addLast(new ClientConnection(worker, channel, connections <= maxConnections));
    }
}
