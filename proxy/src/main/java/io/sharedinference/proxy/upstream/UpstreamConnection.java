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

/** A connection to the shared API, used by one exchange at a time. Confined to its event loop. */
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

    /** Whether an earlier exchange used it, so that the server may have closed it meanwhile. */
    public boolean reused() {
        return reused;
    }

    /** Queues bytes, which are sent after the next {@link #flush()}. */
    public ChannelFuture write(ByteBuf bytes) {
        return channel.write(bytes);
    }

    /** Like {@link #write} without a future: reading detects a broken connection. */
    public void writeUnwatched(ByteBuf bytes) {
        // the kernel reports a reset once: after a failed write, reading finds what looks like a clean close
        channel.write(bytes).addListener(done -> failed |= !done.isSuccess());
    }

    /** Sends the queued bytes at the end of the event loop iteration. */
    public void flush() {
        pool.flushes().add(channel);
    }

    /** Whether the write buffer is below its high-water mark. */
    public boolean writable() {
        return channel.isWritable();
    }

    /** Memory of written bytes that are not sent yet. */
    public long unsent() {
        return Transport.unsent(channel);
    }

    /** Pauses or resumes reading: backpressure from a slow client. */
    public void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** Returns the connection to the pool. */
    public void release() {
        user = Optional.empty();
        reused = true;
        idleSince = System.nanoTime();
        reading(true);
        pool.keep(this);
    }

    /** Closes the connection, so that the shared API stops working on the request. */
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

    /** Whether a pooled connection is open. The kernel may know of a close before the event loop reads it. */
    boolean alive() {
        if (!channel.isActive()) {
            return false;
        }
        return !idleLongerThan(SURELY_FRESH_NANOS, System.nanoTime()) || Transport.established(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (user.isEmpty()) {
            // a response without a request: the connection can no longer be trusted
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
