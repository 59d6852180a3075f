package io.sharedinference.proxy.upstream;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.concurrent.TimeUnit;

/** Event loops and the socket kinds that go with them: epoll where the platform has it, NIO elsewhere. */
public record Transport(
        String name,
        EventLoopGroup loops,
        Class<? extends ServerSocketChannel> server,
        Class<? extends SocketChannel> client) implements AutoCloseable {
    private static final int SMALLEST_READ = 64;
    private static final int FIRST_READ = 2048;
    private static final int READS_PER_TURN = 16;

    /** Starts one event loop per processor. */
    public static Transport start() {
        // Netty's own search for another logger opens each jar
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        int count = Runtime.getRuntime().availableProcessors();
        if (Epoll.isAvailable()) {
            return new Transport("epoll", new MultiThreadIoEventLoopGroup(count, EpollIoHandler.newFactory()),
                    EpollServerSocketChannel.class, EpollSocketChannel.class);
        }
        return new Transport("nio", new MultiThreadIoEventLoopGroup(count, NioIoHandler.newFactory()),
                NioServerSocketChannel.class, NioSocketChannel.class);
    }

    /** Reads of up to {@code largest} bytes; as many in a turn as Netty does by itself, which with an allocator that is given is one. */
    public static RecvByteBufAllocator reads(int largest) {
        return new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, largest).maxMessagesPerRead(READS_PER_TURN);
    }

    /** Stops the loops and waits for them; channels that are still open are closed. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
