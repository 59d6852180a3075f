package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.sharedinference.proxy.http.ContentKind;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.telemetry.UsageScanner;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A client connection, which handles one request after the other. It keeps reading during an exchange, up to a limit,
 * to detect that the client has disconnected. Confined to its event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements Client, TrackedConnection {
    private static final String OVERLOADED = "the proxy has reached its memory limit";
    /** Bytes that may remain after freeing memory: the error response. */
    private static final int ERROR_RESPONSE_SIZE = 2 * 1024;

    private final Worker worker;
    private final ClientSocket socket;
    private final ReceiveBuffer pending = new ReceiveBuffer();
    private final RequestDecoder decoder;
    private final boolean accepted;
    private final UsageScanner requestScan;
    private final UsageScanner responseScan;
    private Optional<Exchange> exchange = Optional.empty();
    private boolean advancing;
    private boolean lingering;
    private boolean abandoned;
    private long heldBytes;
    private long waitingSince;

    /** A connection over the limit is not {@code accepted}: it gets an error response and is closed. */
    ClientConnection(Worker worker, SocketChannel channel, boolean accepted) {
        this.worker = worker;
        this.socket = new ClientSocket(channel, worker.flushes());
        this.accepted = accepted;
        this.waitingSince = worker.now();
        this.requestScan = worker.scan();
        this.responseScan = worker.scan();
        this.decoder = new RequestDecoder(
                pending,
                worker.requests(),
                requestScan,
                worker.settings().limits().header());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        worker.add(this);
        if (!accepted) {
            refuse(
                    ProxyError.TOO_MANY_CONNECTIONS,
                    "more than " + worker.settings().limits().connections() + " connections are open");
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
        worker.relieve();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        exchange.ifPresent(Exchange::flush);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        waitingSince = worker.now();
        exchange.ifPresent(running -> running.clientWritabilityChanged(socket.writable()));
        resume();
        account(false);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        worker.remove(this);
        lingering = true;
        exchange.ifPresent(Exchange::cancel);
        exchange = Optional.empty();
        pending.clear();
        account(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            worker.accessLog().unexpected(cause);
        }
        socket.close();
    }

    /** Consumes received bytes: header sections start exchanges, bodies go to the current exchange. */
    @Override
    public void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            boolean more = true;
            while (more && !lingering && !pending.isEmpty()) {
                more = exchange.isPresent() ? exchange.get().takeBody(pending) : startExchange();
            }
        } catch (ProtocolException e) {
            malformed(e);
        } finally {
            advancing = false;
        }
        updateReading();
    }

    /** Continues outside of a read, which would flush at its end. */
    private void resume() {
        advance();
        exchange.ifPresent(Exchange::flush);
    }

    private boolean startExchange() throws ProtocolException {
        if (!socket.writable()) {
            // a client that does not read its responses cannot request more
            return false;
        }
        if (!decoder.begun()) {
            waitingSince = worker.now();
        }
        Optional<Request> request = decoder.next();
        request.ifPresent(this::begin);
        return request.isPresent();
    }

    private void begin(Request request) {
        Exchange next = new Exchange(worker, this, request, worker.target());
        exchange = Optional.of(next);
        next.start();
    }

    private void malformed(ProtocolException e) {
        if (exchange.isPresent()) {
            exchange.get().fail(ProxyError.of(e), e.getMessage());
        } else {
            refuse(ProxyError.of(e), e.getMessage());
        }
    }

    /** An error response without an exchange. */
    private void refuse(ProxyError error, String description) {
        requestScan.begin(ContentKind.OTHER);
        new ErrorResponse(error, description, "", !decoder.isHeadRequest(), true)
                .send(socket, worker.beginUnparsed(this));
        ended(false, false);
    }

    @Override
    public void ended(boolean persistent, boolean whole) {
        exchange = Optional.empty();
        waitingSince = worker.now();
        if (persistent && !worker.drain().closesIdle()) {
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
        socket.linger(allRead, () -> waitingSince = worker.now());
    }

    @Override
    public void abort(boolean unframed) {
        lingering = true;
        exchange = Optional.empty();
        pending.clear();
        socket.abort(unframed);
    }

    @Override
    public void updateReading() {
        boolean taken = exchange.isPresent() && exchange.get().takesBody();
        if (!taken) {
            pending.trim(socket.allocator());
        }
        socket.reading(lingering
                || (taken
                        ? exchange.get().upstreamWritable()
                        : pending.size() <= worker.settings().limits().header()));
        account(false);
    }

    /**
     * Updates the memory accounted to this connection. Written bytes are flushed at the end of the event loop iteration,
     * so they count only if the peer is slow, or if {@code settled}: after the iteration.
     */
    private void account(boolean settled) {
        long now = abandoned ? 0 : holding(settled);
        if (now != heldBytes) {
            long before = heldBytes;
            heldBytes = now;
            worker.memory().changed(this, before, now);
        }
    }

    private long holding(boolean settled) {
        return pending.capacity()
                + (settled || !socket.writable() ? socket.unsent() : 0)
                + (exchange.isPresent() ? exchange.get().heldBytes(settled) : 0);
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    @Override
    public InetAddress address() {
        return socket.address();
    }

    @Override
    public void shedMemory() {
        if (exchange.isPresent()) {
            exchange.get().fail(ProxyError.OVERLOADED, OVERLOADED);
        } else if (decoder.begun() && !lingering) {
            refuse(ProxyError.OVERLOADED, OVERLOADED);
        }
        account(true);
        if (heldBytes > ERROR_RESPONSE_SIZE) {
            // the rest is a response that the client does not read; io_uring frees it a little later
            abandoned = true;
            socket.close();
            pending.clear();
            account(true);
        }
    }

    @Override
    public void sweep(long now) {
        account(true);
        long waited = now - waitingSince;
        RelaySettings settings = worker.settings();
        if (lingering) {
            if (waited > socket.lingerNanos(settings.idleTimeout().toNanos())) {
                socket.close();
            }
        } else if (exchange.isPresent()) {
            exchange.get().sweep(now);
        } else if (decoder.begun()) {
            if (waited > settings.headerTimeout().toNanos()) {
                refuse(
                        ProxyError.REQUEST_TIMEOUT,
                        "the header section was not received within "
                                + settings.headerTimeout().toMillis() + " ms");
            }
        } else if (waited > settings.idleTimeout().toNanos() || worker.drain().closesIdle()) {
            socket.close();
        }
    }

    @Override
    public UsageScanner requestScan() {
        return requestScan;
    }

    @Override
    public UsageScanner responseScan() {
        return responseScan;
    }

    @Override
    public ReceiveBuffer pending() {
        return pending;
    }

    @Override
    public ClientSocket socket() {
        return socket;
    }
}
