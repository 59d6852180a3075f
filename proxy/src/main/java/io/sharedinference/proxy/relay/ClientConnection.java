package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.sharedinference.proxy.usage.BodyScan;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/**
 * One client's connection: its requests strictly one after the other. It reads on while an exchange runs, as far as
 * memory is bounded, because that is how it learns that the client went away. Loop only.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements Client, Holder {
    private static final String OVERLOADED = "the proxy has no memory left for this request";
    /** Bytes that may be left where memory was given back: the answer that says so. */
    private static final int SHED = 2 * 1024;

    private final Loop loop;
    private final ClientSocket socket;
    private final Pending pending = new Pending();
    private final Heads heads;
    private final boolean welcome;
    private final BodyScan requestScan;
    private final BodyScan answerScan;
    private Optional<Exchange> exchange = Optional.empty();
    private boolean advancing;
    private boolean lingering;
    private boolean givenUp;
    private long held;
    private long waitingSince;

    /** One that isn't {@code welcome} is told so, and ends. */
    ClientConnection(Loop loop, SocketChannel channel, boolean welcome) {
        this.loop = loop;
        this.socket = new ClientSocket(channel, loop.flushes());
        this.welcome = welcome;
        this.waitingSince = loop.now();
        this.requestScan = loop.scan();
        this.answerScan = loop.scan();
        this.heads = new Heads(pending, loop.requests(), requestScan, loop.settings().limits().head());
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
        pending.add((ByteBuf) message, socket.allocator());
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
        exchange.ifPresent(running -> running.clientWritabilityChanged(socket.writable()));
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
        socket.close();
    }

    /** Consumes what is there: heads become exchanges, bodies go to the exchange that runs. */
    @Override
    public void advance() {
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
        if (!socket.writable()) {
            // who doesn't take answers can't have more of them made
            return false;
        }
        if (!heads.begun()) {
            waitingSince = loop.now();
        }
        Optional<RequestHead> head = heads.next();
        head.ifPresent(this::begin);
        return head.isPresent();
    }

    private void begin(RequestHead head) {
        Exchange next = new Exchange(loop, this, head, loop.target());
        exchange = Optional.of(next);
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
        ByteBuf bytes = new ErrorAnswer(refusal, description, entry.requestId(), !heads.asksForHead(), true).write(socket.allocator());
        entry.sent(bytes.readableBytes());
        entry.refused(refusal);
        socket.write(bytes);
        ended(false, false);
    }

    @Override
    public void ended(boolean persistent, boolean whole) {
        exchange = Optional.empty();
        waitingSince = loop.now();
        if (persistent && !loop.drain().idleUnwelcome()) {
            socket.flush();
            resume();
        } else {
            linger(whole && pending.isEmpty());
        }
    }

    private void linger(boolean allRead) {
        lingering = true;
        pending.clear();
        updateReading();
        socket.linger(allRead, () -> waitingSince = loop.now());
    }

    @Override
    public void abort(boolean unframed) {
        lingering = true;
        exchange = Optional.empty();
        pending.clear();
        socket.abort(unframed);
    }

    @Override
    public boolean skipped(Body body) {
        try {
            while (!body.complete() && !pending.isEmpty()) {
                pending.skip(body.accept(pending.view()));
            }
            return body.complete();
        } catch (ProtocolException e) {
            return false;
        }
    }

    @Override
    public void updateReading() {
        boolean taken = exchange.isPresent() && exchange.get().takesBody();
        if (!taken) {
            pending.trim(socket.allocator());
        }
        socket.reading(lingering || (taken
                ? exchange.get().upstreamWritable() : pending.size() <= loop.settings().limits().head()));
        account(false);
    }

    /**
     * Counts the memory that this connection holds. What was written leaves at the end of the loop's turn, unless the
     * other side is slow: so it counts if there is much of it, or if {@code settled} says that this isn't amid a turn.
     */
    private void account(boolean settled) {
        long now = givenUp ? 0 : holding(settled);
        if (now != held) {
            long before = held;
            held = now;
            loop.memory().changed(this, before, now);
        }
    }

    private long holding(boolean settled) {
        return pending.capacity() + (settled || !socket.writable() ? socket.unsent() : 0)
                + (exchange.isPresent() ? exchange.get().held(settled) : 0);
    }

    @Override
    public long held() {
        return held;
    }

    @Override
    public InetAddress address() {
        return socket.address();
    }

    @Override
    public void shed() {
        if (exchange.isPresent()) {
            exchange.get().fail(Refusal.OVERLOADED, OVERLOADED);
        } else if (heads.begun() && !lingering) {
            refuse(Refusal.OVERLOADED, OVERLOADED);
        }
        account(true);
        if (held > SHED) {
            // what is left is an answer that the client doesn't take; with io_uring it is freed a little later
            givenUp = true;
            socket.close();
            pending.clear();
            account(true);
        }
    }

    @Override
    public void sweep(long now) {
        account(true);
        long waited = now - waitingSince;
        RelaySettings settings = loop.settings();
        if (lingering) {
            if (waited > socket.lingerNanos(settings.idleTimeout().toNanos())) {
                socket.close();
            }
        } else if (exchange.isPresent()) {
            exchange.get().sweep(now);
        } else if (heads.begun()) {
            if (waited > settings.headTimeout().toNanos()) {
                refuse(Refusal.REQUEST_TIMEOUT,
                        "the head took longer than " + settings.headTimeout().toMillis() + " ms");
            }
        } else if (waited > settings.idleTimeout().toNanos() || loop.drain().idleUnwelcome()) {
            socket.close();
        }
    }

    @Override
    public BodyScan requestScan() {
        return requestScan;
    }

    @Override
    public BodyScan answerScan() {
        return answerScan;
    }

    @Override
    public Pending pending() {
        return pending;
    }

    @Override
    public ClientSocket socket() {
        return socket;
    }
}
