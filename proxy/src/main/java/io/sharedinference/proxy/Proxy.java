package io.sharedinference.proxy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.auth.Authentication;
import io.sharedinference.proxy.ops.Log;
import io.sharedinference.proxy.ops.OpsServer;
import io.sharedinference.proxy.relay.Listener;
import io.sharedinference.proxy.upstream.MountedSecret;
import io.sharedinference.proxy.upstream.SecretState;
import io.sharedinference.proxy.upstream.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The running process, put together from its parts. */
final class Proxy implements AutoCloseable {
    private static final Duration SECRET_POLL = Duration.ofSeconds(1);

    private final Settings settings;
    private final Log log;
    private final MountedSecret secret;
    private final Authentication authentication;
    private final Listener listener;
    private final OpsServer ops;
    private volatile boolean draining;

    private Proxy(Settings settings, Log log) throws IOException {
        // Netty's start takes as long as all else, so both go on at once
        CompletableFuture<Transport> starting = CompletableFuture.supplyAsync(Transport::start);
        PrometheusRegistry registry = new PrometheusRegistry();
        this.settings = settings;
        this.log = log;
        this.secret = MountedSecret.watch(
                settings.secretDirectory(), SECRET_POLL, settings.trust(), log, registry);
        this.authentication = Authentication.by(settings.iam(), settings.trust(), secret::generation, registry);
        Transport transport = starting.join();
        this.listener = Listener.start(settings.relay(), transport, authentication, secret::current, log, registry);
        this.ops = OpsServer.start(settings.opsPort(), this::unready, registry);
        log.info("started")
                .field("api_port", listener.port())
                .field("ops_port", ops.port())
                .field("iam", settings.iam().url().toString())
                .field("transport", transport.name())
                .write();
    }

    /** Binds both ports and serves. */
    static Proxy start(Settings settings, Log log) throws IOException {
        return new Proxy(settings, log);
    }

    int apiPort() {
        return listener.port();
    }

    int opsPort() {
        return ops.port();
    }

    /** Turns unready, lets everything finish within the settings' limits, and stops. Blocks. */
    void drain() {
        draining = true;
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
        listener.close();
        ops.close();
        secret.close();
        authentication.close();
    }

    /** The IAM has no say here: with it down in a blink, a tenant would lose all its proxies at once. */
    private Optional<String> unready() {
        if (draining) {
            return Optional.of("draining");
        }
        return switch (secret.current()) {
            case SecretState.Usable usable -> Optional.empty();
            case SecretState.Unusable(String reason) -> Optional.of("secret unusable: " + reason);
        };
    }
}
