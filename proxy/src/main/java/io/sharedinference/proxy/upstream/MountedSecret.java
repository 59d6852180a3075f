package io.sharedinference.proxy.upstream;

import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.ops.Log;
import io.sharedinference.proxy.tls.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mounted Secret: the shared API's URL and the tenant's token, read again every so often, since the kubelet
 * replaces the files without telling. New requests take what was read last. Thread-safe.
 */
public final class MountedSecret implements AutoCloseable {
    static final String URL = "remote-inference-api-url";
    static final String TOKEN = "remote-inference-api-token";
    private static final int READS_THAT_DISAGREE = 5;

    private final Path directory;
    private final Trust trust;
    private final Log log;
    private final Info loaded;
    private final ScheduledExecutorService poll;
    private final AtomicLong generation = new AtomicLong();
    private volatile SecretState current = new SecretState.Unusable("not read yet");

    private MountedSecret(Path directory, Trust trust, Log log, PrometheusRegistry registry) {
        this.directory = directory;
        this.trust = trust;
        this.log = log;
        this.loaded = Info.builder().name("inference_proxy_secret_info")
                .help("The Secret that new requests take, with the first 16 hexadecimal digits of the token's SHA-256;"
                        + " absent while it can't be used")
                .labelNames("fingerprint", "url").register(registry);
        this.poll = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("secret").daemon().factory());
    }

    /** Reads once, and then again after each {@code interval}. What can't be used is a state, not an exception. */
    public static MountedSecret watch(Path directory, Duration interval, Trust trust, Log log,
            PrometheusRegistry registry) {
        MountedSecret secret = new MountedSecret(directory, trust, log, registry);
        secret.read();
        secret.poll.scheduleWithFixedDelay(
                secret::read, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return secret;
    }

    /** What the files said last. */
    public SecretState current() {
        return current;
    }

    /** How often what the files say has changed. */
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
        tell(before, next);
    }

    private void tell(SecretState before, SecretState next) {
        if (before instanceof SecretState.Usable(Target target)) {
            loaded.remove(target.tokenFingerprint(), target.url());
        }
        switch (next) {
            case SecretState.Usable(Target target) -> {
                loaded.addLabelValues(target.tokenFingerprint(), target.url());
                log.info("secret loaded")
                        .field("url", target.url())
                        .field("token_fingerprint", target.tokenFingerprint())
                        .write();
            }
            case SecretState.Unusable(String reason) -> log.warn("secret unusable")
                    .field("directory", directory.toString())
                    .field("reason", reason)
                    .field("remedy", "requests get 503 until the Secret inference-api-proxy-secret holds both keys")
                    .write();
        }
    }

    private SecretState parse() {
        try {
            Content content = consistent();
            return new SecretState.Usable(Target.parse(content.url, content.token, trust));
        } catch (NoSuchFileException e) {
            return new SecretState.Unusable("missing: " + e.getMessage());
        } catch (IOException e) {
            return new SecretState.Unusable("unreadable: " + e);
        } catch (IllegalArgumentException e) {
            return new SecretState.Unusable(e.getMessage());
        }
    }

    /** A URL and a token of different versions must never meet: the token would go to the wrong place. */
    private Content consistent() throws IOException {
        Content read = content();
        for (int i = 0; i < READS_THAT_DISAGREE; i++) {
            Content again = content();
            if (again.equals(read)) {
                return read;
            }
            read = again;
        }
        throw new IOException("the files change while they are read");
    }

    private Content content() throws IOException {
        return new Content(Files.readString(directory.resolve(URL)), Files.readString(directory.resolve(TOKEN)));
    }

    /** Never printed: it holds the token as text. */
    private record Content(String url, String token) {
        @Override
        public String toString() {
            return "Content[redacted]";
        }
    }
}
