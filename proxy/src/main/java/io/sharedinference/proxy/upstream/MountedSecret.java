package io.sharedinference.proxy.upstream;

import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.telemetry.Log;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The Secret inference-api-proxy-secret: the shared API's URL, the tenant's token and, optionally
 * the CA of its certificate. Polled, since the kubelet replaces mounted files without a notification. New requests use
 * the version that was read last. Thread-safe.
 */
public final class MountedSecret implements AutoCloseable {
    static final String URL = "remote-inference-api-url";
    static final String TOKEN = "remote-inference-api-token";
    static final String CA = "remote-inference-api-ca";

    private final SecretSource source;
    private final TrustedCertificates trust;
    private final Log log;
    private final Info loaded;
    private final ScheduledExecutorService poll;
    private final AtomicLong generation = new AtomicLong();
    private volatile SecretState current = new SecretState.Unusable("not read yet");
    private Optional<SecretContent> parsed = Optional.empty();

    private MountedSecret(SecretSource source, TrustedCertificates trust, Log log, PrometheusRegistry registry) {
        this.source = source;
        this.trust = trust;
        this.log = log;
        this.loaded = Info.builder()
                .name("inference_proxy_secret_info")
                .help("The Secret that new requests use, with the first 16 hexadecimal digits of the token's SHA-256;"
                        + " absent while it is unusable; reload is false if a change needs a restart")
                .labelNames("fingerprint", "url", "reload")
                .register(registry);
        this.poll = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("secret").daemon().factory());
    }

    /** Reads now and after each {@code interval}. An unusable Secret is a state, not an exception. */
    public static MountedSecret watch(
            SecretSource source, Duration interval, TrustedCertificates trust, Log log, PrometheusRegistry registry) {
        MountedSecret secret = new MountedSecret(source, trust, log, registry);
        secret.read();
        secret.poll.scheduleWithFixedDelay(
                secret::read, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return secret;
    }

    /** The state that was read last. */
    public SecretState current() {
        return current;
    }

    /** The number of changes so far. */
    public long generation() {
        return generation.get();
    }

    @Override
    public void close() {
        poll.shutdownNow();
    }

    private void read() {
        SecretState next = parse();
        SecretState before = current;
        if (next.same(before)) {
            return;
        }
        current = next;
        generation.incrementAndGet();
        report(before, next);
    }

    private void report(SecretState before, SecretState next) {
        if (before instanceof SecretState.Usable(Target target)) {
            loaded.remove(labels(target));
        }
        switch (next) {
            case SecretState.Usable(Target target) -> {
                loaded.addLabelValues(labels(target));
                log.info("secret loaded")
                        .field("source", source.name())
                        .field("url", target.url())
                        .field("token_fingerprint", target.tokenFingerprint())
                        .write();
            }
            case SecretState.Unusable(String reason) ->
                log.warn("secret unusable")
                        .field("source", source.name())
                        .field("reason", reason)
                        .field("fix", source.fix())
                        .write();
        }
    }

    private String[] labels(Target target) {
        return new String[] {target.tokenFingerprint(), target.url(), String.valueOf(source.reloads())};
    }

    /** Parses only if the content changed: TLS loads all CAs of the platform. */
    private SecretState parse() {
        Optional<SecretContent> before = parsed;
        parsed = Optional.empty();
        try {
            SecretContent content = source.read();
            SecretState state = before.filter(content::equals).isPresent() ? current : usable(content);
            parsed = Optional.of(content);
            return state;
        } catch (NoSuchFileException e) {
            return new SecretState.Unusable("missing: " + e.getMessage());
        } catch (IOException e) {
            return new SecretState.Unusable("unreadable: " + e);
        } catch (IllegalArgumentException e) {
            return new SecretState.Unusable(String.valueOf(e.getMessage()));
        }
    }

    private SecretState usable(SecretContent content) {
        return new SecretState.Usable(Target.parse(content.url(), content.token(), trusted(content)));
    }

    private TrustedCertificates trusted(SecretContent content) {
        try {
            return content.ca().map(trust::and).orElse(trust);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(CA + " " + e.getMessage(), e);
        }
    }
}
