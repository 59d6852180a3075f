package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.sharedinference.proxy.upstream.SecretState;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.upstream.Transport;
import io.sharedinference.proxy.usage.BodyScan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One client's connection: its requests strictly one after the other. It reads on while an exchange runs, as far as
 * memory is bounded, because that is how it learns that the client went away. Loop only.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final String HEAD = "HEAD ";
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final String OVERLOADED = "the proxy has no memory left for this request";
    /** Bytes that may be left where memory was given back: the answer that says so. */
    private static final int SHED = 2 * 1024;
    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(
            "HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII)).asReadOnly();

    private final Loop loop;
    private final SocketChannel channel;
    private final Pending pending = new Pending();
    private final HeadEnd headEnd;
    private final Pace pace;
    private final boolean welcome;
    private final BodyScan requestScan;
    private final BodyScan answerScan;
    private Optional<Exchange> exchange = Optional.empty();
    private boolean emptyLineSeen;
    private boolean headBegun;
    private boolean advancing;
    private boolean reading = true;
    private boolean lingering;
    private boolean flushed;
    private long held;
    private long waitingSince;

    /** One that isn't {@code welcome} is told so, and ends. */
    ClientConnection(Loop loop, SocketChannel channel, boolean welcome) {
        this.headEnd = new HeadEnd(loop.settings().limits().head());
        this.pace = new Pace(loop.settings().limits());
        this.welcome = welcome;
        this.loop = loop;
        this.channel = channel;
        this.waitingSince = loop.now();
        this.requestScan = loop.scan();
        this.answerScan = loop.scan();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        loop.add(this);
        if (!welcome) {
            refuse(Refusal.TOO_MANY_CONNECTIONS,
                    "more than " + loop.settings().limits().connections() + " connections are open");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (lingering) {
            ReferenceCountUtil.release(message);
            return;
        }
        pending.add((ByteBuf) message, allocator());
        advance();
        loop.relieve();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        exchange.ifPresent(Exchange::flush);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        waitingSince = loop.now();
        exchange.ifPresent(running -> running.clientWritabilityChanged(channel.isWritable()));
        resume();
        account(false);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        loop.remove(this);
        lingering = true;
        exchange.ifPresent(Exchange::cancel);
        exchange = Optional.empty();
        pending.clear();
        account(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            loop.accessLog().bug(cause);
        }
        channel.close();
    }

    /** Consumes what is there: heads become exchanges, bodies go to the exchange that runs. */
    void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            boolean more = true;
            while (more && !lingering && !pending.isEmpty()) {
                more = exchange.isPresent() ? exchange.get().takeBody(pending) : takeHead();
            }
        } catch (ProtocolException e) {
            malformed(e);
        } finally {
            advancing = false;
        }
        updateReading();
    }

    /** Goes on outside of a read, whose end would have flushed. */
    private void resume() {
        advance();
        exchange.ifPresent(Exchange::flush);
    }

    private boolean takeHead() throws ProtocolException {
        if (!channel.isWritable()) {
            // who doesn't take answers can't have more of them made
            return false;
        }
        if (!headBegun) {
            headBegun = true;
            waitingSince = loop.now();
        }
        int length = headEnd.find(pending.view());
        if (length < 0) {
            return false;
        }
        if (length == 2 && !emptyLineSeen) {
            // RFC 9112, 2.2: one empty line before a request line is forgiven
            emptyLineSeen = true;
            headBegun = false;
            pending.skip(length);
            return true;
        }
        RequestHead head = loop.requests().parse(pending.view(), length, requestScan);
        pending.skip(length);
        headBegun = false;
        emptyLineSeen = false;
        begin(head);
        return true;
    }

    private void begin(RequestHead head) {
        Optional<Target> target = switch (loop.secret()) {
            case SecretState.Usable(Target usable) -> Optional.of(usable);
            case SecretState.Unusable unusable -> Optional.empty();
        };
        Exchange next = new Exchange(loop, this, head, target);
        exchange = Optional.of(next);
        pace.restart();
        next.start();
    }

    private void malformed(ProtocolException e) {
        if (exchange.isPresent()) {
            exchange.get().fail(e.refusal(), e.getMessage());
        } else {
            refuse(e.refusal(), e.getMessage());
        }
    }

    /** An answer to what never became an exchange. */
    private void refuse(Refusal refusal, String description) {
        requestScan.begin(BodyScan.Kind.NONE);
        AccessEntry entry = loop.begin("", "", 0, 0, this);
        ByteBuf bytes = new ErrorAnswer(refusal, description, entry.requestId(), !asksForHead(), true).write(allocator());
        entry.sent(bytes.readableBytes());
        entry.refused(refusal);
        write(bytes);
        ended(false, false);
    }

    /** Whether what waits is a HEAD request: malformed or not, its answer has no body. */
    private boolean asksForHead() {
        ByteBuf begun = pending.view();
        return begun.readableBytes() >= HEAD.length()
                && begun.toString(begun.readerIndex(), HEAD.length(), StandardCharsets.US_ASCII).equals(HEAD);
    }

    /** The exchange that ran is over; {@code whole} says that nothing of its request is still to come. */
    void ended(boolean persistent, boolean whole) {
        exchange = Optional.empty();
        waitingSince = loop.now();
        if (persistent && !loop.drain().idleUnwelcome()) {
            flush();
            resume();
        } else {
            linger(whole && pending.isEmpty());
        }
    }

    /** Closing with bytes unread would reset the connection, and the answer could be lost with it. */
    private void linger(boolean allRead) {
        lingering = true;
        pending.clear();
        updateReading();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            flushed = true;
            waitingSince = loop.now();
            if (allRead) {
                channel.close();
            } else {
                channel.shutdownOutput();
            }
        });
    }

    /** Breaks off in mid-answer; {@code unframed} asks for a reset, since a plain end would look like a good one. */
    void abort(boolean unframed) {
        lingering = true;
        exchange = Optional.empty();
        pending.clear();
        channel.flush();
        if (unframed) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    /** Throws away the rest of a request that won't be forwarded; says whether all of it had come. */
    boolean skipped(Body body) {
        try {
            while (!body.complete() && !pending.isEmpty()) {
                pending.skip(body.accept(pending.view()));
            }
            return body.complete();
        } catch (ProtocolException e) {
            return false;
        }
    }

    /** Reads as long as somebody takes the bytes, or few are waiting. */
    void updateReading() {
        boolean taken = exchange.isPresent() && exchange.get().takesBody();
        if (!taken) {
            pending.trim(allocator());
        }
        boolean wanted = lingering || (taken
                ? exchange.get().upstreamWritable() : pending.size() <= loop.settings().limits().head());
        if (wanted != reading) {
            reading = wanted;
            channel.config().setAutoRead(wanted);
        }
        account(false);
    }

    /**
     * Counts the memory that this connection holds. What was written leaves at the end of the loop's turn, unless the
     * other side is slow: so it counts if there is much of it, or if {@code settled} says that this isn't amid a turn.
     */
    private void account(boolean settled) {
        long now = pending.capacity();
        if (settled || !channel.isWritable()) {
            now += Transport.unsent(channel);
        }
        if (exchange.isPresent()) {
            now += exchange.get().held(settled);
        }
        if (now != held) {
            long before = held;
            held = now;
            loop.memory().changed(this, before, now);
        }
    }

    /** Bytes of memory that it holds. */
    long held() {
        return held;
    }

    InetAddress address() {
        return Optional.ofNullable(channel.remoteAddress())
                .map(InetSocketAddress::getAddress).orElseGet(InetAddress::getLoopbackAddress);
    }

    /** Gives the memory that it holds back: others need it more. */
    void shed() {
        if (exchange.isPresent()) {
            exchange.get().fail(Refusal.OVERLOADED, OVERLOADED);
        } else if (headBegun && !lingering) {
            refuse(Refusal.OVERLOADED, OVERLOADED);
        }
        account(true);
        if (held > SHED) {
            // what is left is an answer that the client doesn't take
            channel.close();
            pending.clear();
            account(true);
        }
    }

    /** Ends what has waited too long. */
    void sweep(long now) {
        account(true);
        long waited = now - waitingSince;
        RelaySettings settings = loop.settings();
        if (lingering) {
            if (waited > (flushed ? LINGER_NANOS : settings.idleTimeout().toNanos())) {
                channel.close();
            }
        } else if (exchange.isPresent()) {
            exchange.get().sweep(now);
        } else if (headBegun) {
            if (waited > settings.headTimeout().toNanos()) {
                refuse(Refusal.REQUEST_TIMEOUT,
                        "the head took longer than " + settings.headTimeout().toMillis() + " ms");
            }
        } else if (waited > settings.idleTimeout().toNanos() || loop.drain().idleUnwelcome()) {
            channel.close();
        }
    }

    boolean writable() {
        return channel.isWritable();
    }

    void sendContinue() {
        write(CONTINUE.duplicate());
        flush();
    }

    void write(ByteBuf bytes) {
        channel.write(bytes, channel.unsafe().voidPromise());
    }

    /** What was written leaves at the end of the loop's turn. */
    void flush() {
        loop.flushes().add(channel);
    }

    BodyScan requestScan() {
        return requestScan;
    }

    BodyScan answerScan() {
        return answerScan;
    }

    Pace pace() {
        return pace;
    }

    Pending pending() {
        return pending;
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }
}
