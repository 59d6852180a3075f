package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.sharedinference.proxy.upstream.FlushQueue;
import io.sharedinference.proxy.upstream.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Writes to, reads from and closes a client's socket. Confined to its event loop. */
final class ClientSocket {
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
                    Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII))
            .asReadOnly();

    private final SocketChannel channel;
    private final FlushQueue flushes;
    private boolean reading = true;
    private boolean flushed;

    ClientSocket(SocketChannel channel, FlushQueue flushes) {
        this.channel = channel;
        this.flushes = flushes;
    }

    void write(ByteBuf bytes) {
        channel.write(bytes, channel.unsafe().voidPromise());
    }

    void flush() {
        flushes.add(channel);
    }

    void sendContinue() {
        write(CONTINUE.duplicate());
        flush();
    }

    boolean writable() {
        return channel.isWritable();
    }

    /** Memory of written bytes that are not sent yet, in bytes. */
    long unsent() {
        return Transport.unsent(channel);
    }

    void reading(boolean wanted) {
        if (wanted != reading) {
            reading = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    /** Closing with bytes unread would reset the connection, and the response could be lost with it. */
    void linger(boolean allRead, Runnable whenFlushed) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            flushed = true;
            whenFlushed.run();
            if (allRead) {
                channel.close();
            } else {
                channel.shutdownOutput();
            }
        });
    }

    /** The idle timeout while lingering. */
    long lingerNanos(long idleNanos) {
        return flushed ? LINGER_NANOS : idleNanos;
    }

    /** Closes after the written bytes, with a reset if closing would look like a complete body. */
    void abort(boolean reset) {
        channel.flush();
        if (reset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    void close() {
        channel.close();
    }

    InetAddress address() {
        return Optional.ofNullable(channel.remoteAddress())
                .map(InetSocketAddress::getAddress)
                .orElseGet(InetAddress::getLoopbackAddress);
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }
}
