package io.sharedinference.proxy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.auth.Authentication;
import io.sharedinference.proxy.ops.OpsServer;
import io.sharedinference.proxy.relay.Listener;
import io.sharedinference.proxy.telemetry.Log;
import io.sharedinference.proxy.upstream.MountedSecret;
import io.sharedinference.proxy.upstream.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** The running proxy. */
final class Proxy implements AutoCloseable {
    private static final Duration SECRET_POLL = Duration.ofSeconds(1);

    private final Log log;
    private final Settings settings;
    /** To be closed in reverse order. */
    private final Deque<Runnable> running;

    private final Listener listener;
    private final OpsServer ops;
    private final Readiness readiness;

    private Proxy(Settings settings, Log log, Deque<Runnable> running) throws IOException {
        // starting Netty takes as long as everything else, so both run concurrently
        CompletableFuture<Transport> starting =
                CompletableFuture.supplyAsync(() -> Transport.start(settings.transport(), log));
        PrometheusRegistry registry = new PrometheusRegistry();
        this.settings = settings;
        this.log = log;
        this.running = running;
        MountedSecret secret = MountedSecret.watch(settings.secret(), SECRET_POLL, settings.trust(), log, registry);
        running.push(secret::close);
        this.readiness = new Readiness(secret::current);
        Authentication authentication =
                Authentication.by(settings.iam(), settings.trust(), secret::generation, registry);
        running.push(authentication::close);
        Transport transport = starting.join();
        running.push(transport::close);
        this.listener = Listener.start(settings.relay(), transport, authentication, secret::current, log, registry);
        running.push(listener::close);
        this.ops = OpsServer.start(settings.opsPort(), readiness::missing, registry);
        running.push(ops::close);
        logStart(transport);
    }

    private void logStart(Transport transport) {
        log.info("started")
                .field("api_port", listener.port())
                .field("ops_port", ops.port())
                .field("iam", settings.iam().url().toString())
                .field("transport", transport.name())
                .write();
    }

    /**
     * Binds both ports and serves.
     *
     * @throws IOException if a port cannot be bound; nothing is left running
     */
    static Proxy start(Settings settings, Log log) throws IOException {
        Deque<Runnable> running = new ArrayDeque<>();
        try {
            return new Proxy(settings, log, running);
        } catch (IOException | RuntimeException e) {
            close(running);
            throw e;
        }
    }

    int apiPort() {
        return listener.port();
    }

    int opsPort() {
        return ops.port();
    }

    /** Becomes unready, lets exchanges finish within the configured time, and stops. Blocks. */
    void drain() {
        readiness.drain();
        log.info("draining").field("connections", listener.connections()).write();
        try {
            int broken = listener.drain(settings.drainDelay(), settings.drainTimeout());
            log.info("drained").field("connections_broken_off", broken).write();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    @Override
    public void close() {
        close(running);
    }

    private static void close(Deque<Runnable> running) {
        while (!running.isEmpty()) {
            running.pop().run();
        }
    }
}
