package io.sharedinference.proxy.upstream;

import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.telemetry.Log;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mounted Secret: the shared API's URL, the tenant's token and, where the API's certificate is signed by a CA of
 * one's own, that CA's. Read again every so often, since the kubelet replaces the files without telling. New requests
 * take what was read last. Thread-safe.
 */
public final class MountedSecret implements AutoCloseable {
    static final String URL = "remote-inference-api-url";
    static final String TOKEN = "remote-inference-api-token";
    static final String CA = "remote-inference-api-ca";
    private static final int READS_THAT_DISAGREE = 5;

    private final Path directory;
    private final TrustedCertificates trust;
    private final Log log;
    private final Info loaded;
    private final ScheduledExecutorService poll;
    private final AtomicLong generation = new AtomicLong();
    private volatile SecretState current = new SecretState.Unusable("not read yet");
    private Optional<Content> parsed = Optional.empty();

    private MountedSecret(Path directory, TrustedCertificates trust, Log log, PrometheusRegistry registry) {
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
    public static MountedSecret watch(Path directory, Duration interval, TrustedCertificates trust, Log log,
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
                    .field("fix", "requests get 503 until the Secret inference-api-proxy-secret is put right")
                    .write();
        }
    }

    /** Anew only if the files changed: with TLS it reads all of the platform's CAs. */
    private SecretState parse() {
        Optional<Content> before = parsed;
        parsed = Optional.empty();
        try {
            Content content = consistent();
            SecretState state = before.filter(content::equals).isPresent() ? current : usable(content);
            parsed = Optional.of(content);
            return state;
        } catch (NoSuchFileException e) {
            return new SecretState.Unusable("missing: " + e.getMessage());
        } catch (IOException e) {
            return new SecretState.Unusable("unreadable: " + e);
        } catch (IllegalArgumentException e) {
            return new SecretState.Unusable(e.getMessage());
        }
    }

    private SecretState usable(Content content) {
        return new SecretState.Usable(Target.parse(content.url, content.token, trusted(content)));
    }

    private TrustedCertificates trusted(Content content) {
        try {
            return content.ca.map(trust::and).orElse(trust);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(CA + " " + e.getMessage(), e);
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
        Path version = version();
        return new Content(Files.readString(version.resolve(URL)), Files.readString(version.resolve(TOKEN)),
                optional(version.resolve(CA)));
    }

    /** The kubelet links a file that is new under its own name only after the others have changed. */
    private Path version() {
        Path current = directory.resolve("..data");
        return Files.isDirectory(current) ? current : directory;
    }

    private static Optional<String> optional(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Never printed: it holds the token as text. */
    private record Content(String url, String token, Optional<String> ca) {
        @Override
        public String toString() {
            return "Content[redacted]";
        }
    }
}
