package io.sharedinference.proxy.upstream;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
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
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.internal.PlatformDependent;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.sharedinference.proxy.telemetry.Log;
import java.util.concurrent.TimeUnit;

/** Event loops and their channel types: epoll or io_uring if available, otherwise NIO. */
public record Transport(
        String name,
        EventLoopGroup loops,
        Class<? extends ServerSocketChannel> server,
        Class<? extends SocketChannel> client)
        implements AutoCloseable {
    private static final int ESTABLISHED = 1;
    private static final int PARTLY_USED = 16 * 1024;
    private static final int SMALLEST_READ = 64;
    private static final int FIRST_READ = 2048;
    private static final int READS_PER_TURN = 16;

    /** Values of the setting TRANSPORT. */
    public enum Choice {
        EPOLL,
        IO_URING
    }

    /** Starts one event loop per processor; falls back to what the kernel supports. */
    public static Transport start(Choice wanted, Log log) {
        // Netty's own search for another logger opens each jar
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        if (wanted == Choice.IO_URING) {
            // with multishot polling, Netty 4.2.18 misses about every tenth reset that follows data
            System.setProperty("io.netty.iouring.pollAddMultishotEnabled", "false");
            if (IoUring.isAvailable()) {
                return ioUring();
            }
            warnOfNoIoUring(log);
        }
        return Epoll.isAvailable() ? epoll() : nio();
    }

    private static Transport ioUring() {
        return new Transport(
                "io_uring",
                loops(IoUringIoHandler.newFactory()),
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class);
    }

    private static Transport epoll() {
        return new Transport(
                "epoll", loops(EpollIoHandler.newFactory()), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    private static Transport nio() {
        return new Transport(
                "nio", loops(NioIoHandler.newFactory()), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    private static void warnOfNoIoUring(Log log) {
        log.warn("io_uring is not available")
                .field("reason", String.valueOf(IoUring.unavailabilityCause().getMessage()))
                .field(
                        "fix",
                        "allow io_uring_setup, io_uring_enter and io_uring_register in the pod's seccomp profile,"
                                + " or set TRANSPORT=epoll; epoll is used until then")
                .write();
    }

    private static EventLoopGroup loops(IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), factory);
    }

    /** Reads of up to {@code largest} bytes. Sets the number of reads per event, which would be one with a custom allocator. */
    public static RecvByteBufAllocator reads(int largest) {
        return new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, largest).maxMessagesPerRead(READS_PER_TURN);
    }

    /** The limit of direct memory in bytes: {@code -XX:MaxDirectMemorySize}, by default the size of the heap. */
    public static long directMemory() {
        return PlatformDependent.maxDirectMemory();
    }

    /** Memory of written bytes that are not sent yet, in bytes. */
    public static long unsent(Channel channel) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null) {
            return 0;
        }
        // a part of the first buffer may be sent already, and the last read may not have filled its buffer
        return queue.totalPendingWriteBytes() + (channel.isWritable() ? 0 : PARTLY_USED);
    }

    /** Whether neither side has closed the connection: the kernel may know before the event loop reads it. */
    static boolean established(Channel channel) {
        return channel.isActive()
                && switch (channel) {
                    case EpollSocketChannel epoll -> epoll.tcpInfo().state() == ESTABLISHED;
                    case IoUringSocketChannel ring -> ring.tcpInfo().state() == ESTABLISHED;
                    default -> true;
                };
    }

    /** Stops the loops and waits for them; channels that are still open are closed. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
