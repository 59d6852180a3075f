package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.HeaderSectionEnd;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.ResponseParser;
import io.sharedinference.proxy.telemetry.TraceStart;
import io.sharedinference.proxy.telemetry.UsageScanner;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.upstream.Targets;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Parses and rewrites header sections, as each exchange does once per direction. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParserBenchmark {
    private static final Target TARGET = Targets.target("https://shared.example.com/inference", "service-token");

    private final RequestRewriter requests = new RequestRewriter(
            new RequestRules(TraceStart.SAMPLED, true, new StrippedCredentials(List.of(), List.of())),
            Requests.limits());
    private final UsageScanner scan = new UsageScanner(new byte[16]);
    private final ResponseParser responses = new ResponseParser();
    private final ByteBuf request = bytes("""
        POST /chat/completions HTTP/1.1
        Host: inference-api.tenant.example
        User-Agent: OpenAI/Python 2.1.0
        Accept: application/json
        Accept-Encoding: gzip, deflate
        Connection: keep-alive
        Content-Type: application/json
        Authorization: Bearer 0123456789abcdef0123456789abcdef0123456789abcdef
        X-Stainless-Lang: python
        Content-Length: 107

        """);
    private final ByteBuf response = bytes("""
        HTTP/1.1 200 OK
        Date: Wed, 25 Nov 2026 10:00:00 GMT
        Server: uvicorn
        Content-Type: application/json
        Content-Length: 163

        """);

    /** From the client's header section to the one for the shared API. */
    @Benchmark
    public int request() throws ProtocolException {
        int length = new HeaderSectionEnd(HeaderSectionEnd.MAX_LENGTH).find(request);
        requests.parse(request, length, scan);
        return released(requests.write(TARGET, 0, ByteBufAllocator.DEFAULT));
    }

    /** From the shared API's header section to the one for the client. */
    @Benchmark
    public int response() throws ProtocolException {
        int length = new HeaderSectionEnd(HeaderSectionEnd.MAX_LENGTH).find(response);
        responses.parse(response, length, false, scan);
        return released(responses.write(false, true, 0, ByteBufAllocator.DEFAULT));
    }

    private static int released(ByteBuf bytes) {
        int length = bytes.readableBytes();
        bytes.release();
        return length;
    }

    private static ByteBuf bytes(String headerSection) {
        byte[] ascii = headerSection.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        return Unpooled.directBuffer(ascii.length).writeBytes(ascii);
    }
}
