package io.sharedinference.proxy.auth;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.FakeIam;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A cached decision: hashing the token and looking it up, with one thread per event loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Threads(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {
    private static final byte[] TOKEN =
            "0123456789abcdef0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private FakeIam iam;
    private Authentication authentication;

    @Setup
    public void cacheDecision() throws IOException {
        iam = new FakeIam().user(new String(TOKEN, StandardCharsets.US_ASCII), "alice");
        IamSettings settings = new IamSettings(
                URI.create(iam.url()),
                RequiredPermissions.parse("[]"),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                50_000);
        authentication = Authentication.by(settings, TrustedCertificates.platform(), () -> 0, new PrometheusRegistry());
        authentication.decide(new BearerToken(TOKEN, 0, TOKEN.length)).join();
    }

    @Benchmark
    public Decision known() {
        return authentication.decide(new BearerToken(TOKEN, 0, TOKEN.length)).join();
    }

    @TearDown
    public void close() {
        authentication.close();
        iam.close();
    }
}
