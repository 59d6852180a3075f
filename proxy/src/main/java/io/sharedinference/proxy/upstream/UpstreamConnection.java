package io.sharedinference.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One connection to the shared API, used by one exchange at a time. Lives on one event loop. */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private static final long SURELY_FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final UpstreamPool pool;
    private final Endpoint endpoint;
    private final Channel channel;
    private Optional<UpstreamHandler> user = Optional.empty();
    private final long openedAt = System.nanoTime();
    private boolean reused;
    private boolean failed;
    private long idleSince;

    UpstreamConnection(UpstreamPool pool, Endpoint endpoint, Channel channel) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.channel = channel;
    }

    /** Whether an earlier exchange used it, so that the other side may just have given it up. */
    public boolean reused() {
        return reused;
    }

    /** Hands bytes to the socket's queue; they leave after the next {@link #flush()}. */
    public ChannelFuture write(ByteBuf bytes) {
        return channel.write(bytes);
    }

    /** Like {@link #write} for when nobody asks how it went: a broken connection shows when it is read. */
    public void writeUnwatched(ByteBuf bytes) {
        // the kernel tells of a reset once: if a write hears of it, reading finds what looks like a good end
        channel.write(bytes).addListener(done -> failed |= !done.isSuccess());
    }

    /** Sends what was written, at the end of the loop's turn. */
    public void flush() {
        pool.flushes().add(channel);
    }

    /** Whether the socket keeps up with what is written. */
    public boolean writable() {
        return channel.isWritable();
    }

    /** Bytes that were written and haven't left. */
    public long unsent() {
        return Transport.unsent(channel);
    }

    /** Stops or resumes reading, so that a slow client slows the shared API down instead of filling memory. */
    public void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** Gives the connection back for the next exchange. */
    public void release() {
        user = Optional.empty();
        reused = true;
        idleSince = System.nanoTime();
        reading(true);
        pool.keep(this);
    }

    /** Ends the connection at once: the shared API sees that nobody waits any more. */
    public void close() {
        user = Optional.empty();
        channel.close();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void use(UpstreamHandler next) {
        user = Optional.of(next);
    }

    boolean olderThan(long nanos, long now) {
        return now - openedAt > nanos;
    }

    boolean idleLongerThan(long nanos, long now) {
        return now - idleSince > nanos;
    }

    /** Whether a pooled connection can take a request: the kernel may know of an end that the loop hasn't read yet. */
    boolean alive() {
        if (!channel.isActive()) {
            return false;
        }
        return !idleLongerThan(SURELY_FRESH_NANOS, System.nanoTime()) || Transport.established(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (user.isEmpty()) {
            // an answer that nobody asked for: whatever comes next on this connection can't be trusted
            ReferenceCountUtil.release(message);
            channel.close();
            return;
        }
        user.get().received((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        user.ifPresent(UpstreamHandler::receivedAll);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        user.ifPresent(UpstreamHandler::writabilityChanged);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Optional<UpstreamHandler> last = user;
        user = Optional.empty();
        pool.forget(this);
        last.ifPresent(present -> present.closed(!failed));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed = true;
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            user.ifPresent(present -> present.unexpected(cause));
        }
        channel.close();
    }
}
