package io.sharedinference.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * A connection pool per event loop, so that an exchange never changes threads. Idle connections are closed before the five
 * seconds after which common servers close them. Confined to its event loop.
 */
public final class UpstreamPool {
    private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final Integer DNS_NAME = 2;
    private static final int MAX_IDLE_CONNECTIONS = 512;
    /** In bytes. Smaller reads slow downloads by a third. */
    private static final int MAX_READ = 32 * 1024;
    /** Of an upload that the shared API does not read, in bytes. */
    private static final int WRITE_BUFFER = 16 * 1024;

    private final EventLoop loop;
    private final FlushQueue flushes;
    private final Class<? extends SocketChannel> channelType;
    private final Duration connectTimeout;
    private final Duration maxAge;
    private final HostResolver names;
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();

    /**
     * Creates one pool per event loop. They share resolved addresses.
     *
     * @param maxAge after which a connection is not reused, so that changed addresses take effect
     */
    public static Function<EventLoop, UpstreamPool> pools(
            Transport transport, Duration connectTimeout, Duration maxAge) {
        HostResolver names = new HostResolver(InetAddress::getAllByName, connectTimeout);
        return loop -> new UpstreamPool(loop, new FlushQueue(loop), transport, connectTimeout, maxAge, names);
    }

    private UpstreamPool(
            EventLoop loop,
            FlushQueue flushes,
            Transport transport,
            Duration connectTimeout,
            Duration maxAge,
            HostResolver names) {
        this.maxAge = maxAge;
        this.names = names;
        this.loop = loop;
        this.flushes = flushes;
        this.channelType = transport.client();
        this.connectTimeout = connectTimeout;
    }

    /** Takes a pooled connection or opens one, and calls {@code user} now or later. */
    public void acquire(Target target, UpstreamHandler user) {
        UpstreamConnection pooled;
        while ((pooled = idle.pollLast()) != null) {
            if (pooled.endpoint().equals(target.endpoint()) && pooled.alive()) {
                pooled.use(user);
                user.connected(pooled);
                return;
            }
            pooled.close();
        }
        open(target, user);
    }

    /** Opens a new connection. */
    public void open(Target target, UpstreamHandler user) {
        new ConnectAttempt(target, user).resolve();
    }

    /** Closes idle connections. Called periodically. */
    public void sweep(long now) {
        while (!idle.isEmpty() && idle.peekFirst().idleLongerThan(MAX_IDLE_NANOS, now)) {
            idle.pollFirst().close();
        }
    }

    /** The queue of the pool's event loop. */
    public FlushQueue flushes() {
        return flushes;
    }

    void keep(UpstreamConnection connection) {
        if (idle.size() < MAX_IDLE_CONNECTIONS && !connection.olderThan(maxAge.toNanos(), System.nanoTime())) {
            idle.addLast(connection);
        } else {
            connection.close();
        }
    }

    void forget(UpstreamConnection connection) {
        idle.remove(connection);
    }

    /** One attempt to connect: resolve, try each address, TLS. */
    private final class ConnectAttempt {
        private final Target target;
        private final UpstreamHandler user;

        ConnectAttempt(Target target, UpstreamHandler user) {
            this.target = target;
            this.user = user;
        }

        void resolve() {
            String host = target.endpoint().host();
            names.addresses(host)
                    .thenAccept(addresses -> loop.execute(() -> {
                        if (addresses.isEmpty()) {
                            user.unreachable("host " + host + " cannot be resolved");
                        } else {
                            connect(addresses, 0);
                        }
                    }));
        }

        private void connect(List<InetAddress> addresses, int index) {
            Endpoint endpoint = target.endpoint();
            ChannelFuture connecting =
                    bootstrap(endpoint).connect(new InetSocketAddress(addresses.get(index), endpoint.port()));
            connecting.addListener(done -> {
                if (done.isSuccess()) {
                    secure(connecting.channel());
                } else if (index + 1 < addresses.size()) {
                    connect(addresses, index + 1);
                } else {
                    user.unreachable("cannot connect to " + endpoint + ": "
                            + done.cause().getMessage());
                }
            });
        }

        private Bootstrap bootstrap(Endpoint endpoint) {
            return new Bootstrap()
                    .group(loop)
                    .channel(channelType)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()))
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, Transport.reads(MAX_READ))
                    .option(
                            ChannelOption.WRITE_BUFFER_WATER_MARK,
                            new WriteBufferWaterMark(WRITE_BUFFER / 2, WRITE_BUFFER))
                    // a failed write must not discard a response that arrived before it
                    .option(ChannelOption.AUTO_CLOSE, false)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            addTls(channel);
                            channel.pipeline().addLast(new UpstreamConnection(UpstreamPool.this, endpoint, channel));
                        }
                    });
        }

        private void addTls(Channel channel) {
            Endpoint endpoint = target.endpoint();
            target.tls().ifPresent(tls -> {
                SslHandler handler = tls.newHandler(channel.alloc(), endpoint.host(), endpoint.port());
                handler.setHandshakeTimeoutMillis(connectTimeout.toMillis());
                channel.pipeline().addLast(handler);
            });
        }

        private void secure(Channel channel) {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                ready(channel);
                return;
            }
            Future<Channel> handshake = tls.handshakeFuture();
            handshake.addListener(done -> {
                if (done.isSuccess() && named(tls)) {
                    ready(channel);
                } else if (done.isSuccess()) {
                    channel.close();
                    user.unreachable("the certificate of " + target.endpoint() + " has no subjectAltName of type DNS");
                } else {
                    channel.close();
                    user.unreachable("TLS handshake failed with " + target.endpoint() + ": "
                            + done.cause().getMessage());
                }
            });
        }

        /** Without a DNS name among them, Java checks the common name, which RFC 6125 deprecates. */
        private boolean named(SslHandler tls) {
            String host = target.endpoint().host();
            try {
                X509Certificate shown =
                        (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
                return NetUtil.isValidIpV4Address(host)
                        || NetUtil.isValidIpV6Address(host)
                        || Optional.ofNullable(shown.getSubjectAlternativeNames()).stream()
                                .flatMap(Collection::stream)
                                .anyMatch(name -> name.getFirst().equals(DNS_NAME));
            } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
                return false;
            }
        }

        private void ready(Channel channel) {
            UpstreamConnection connection = channel.pipeline().get(UpstreamConnection.class);
            if (!channel.isActive()) {
                user.unreachable(target.endpoint() + " closed the connection immediately");
                return;
            }
            connection.use(user);
            user.connected(connection);
        }
    }
}
