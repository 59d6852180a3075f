package io.sharedinference.proxy.relay;

import static io.sharedinference.proxy.http.Messages.buffer;
import static io.sharedinference.proxy.http.Messages.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sharedinference.proxy.http.HeaderSectionEnd;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.telemetry.TraceStart;
import io.sharedinference.proxy.telemetry.UsageScanner;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.upstream.Targets;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRewriterTest {
    private static final Target TARGET = Targets.target("https://shared.example.com/inference/", "svc");

    private final RequestRewriter parser = new RequestRewriter(
            new RequestRules(TraceStart.NEVER, true, new StrippedCredentials(List.of(), List.of())), Requests.limits());

    @Test
    void changesOnlyHostCredentialAndHopByHopLines() throws ProtocolException {
        assertEquals(crlf("""
            POST /inference/complete?a=%2F&b=//x HTTP/1.1
            X-First:  kept as it is\t
            hOST: shared.example.com
            X-Last: a
            AUTHORIZATION: Bearer svc
            x-last: b
            traceparent: 00-1-2-00
            Content-Length: 3

            """), rewritten("""
                POST /complete?a=%2F&b=//x HTTP/1.1
                X-First:  kept as it is\t
                hOST: tenant.example.com:8080
                Connection: keep-alive, X-Hop , host, Authorization
                X-Last: a
                Keep-Alive: timeout=5
                AUTHORIZATION: bearer   client
                Proxy-Connection: keep-alive
                x-hop: dropped
                X-HOP: dropped, too
                TE: trailers
                Upgrade: websocket
                Proxy-Authorization: Basic eDp5
                Expect: 100-continue
                x-last: b
                traceparent: 00-1-2-00
                Content-Length: 3

                """));
    }

    @Test
    void dropsAnyCredentialFromTheOpenRequest() throws ProtocolException {
        assertEquals(crlf("""
            GET /inference/version HTTP/1.1
            Host: shared.example.com

            """), rewritten("""
                GET /version HTTP/1.1
                Host: tenant
                Authorization: Bearer client

                """));
    }

    @Test
    void addsTheHostThatHttp10ClientsMayOmit() throws ProtocolException {
        assertEquals(crlf("""
            GET /inference/x HTTP/1.1
            Host: shared.example.com
            A: b

            """), rewritten("""
                GET /x HTTP/1.0
                A: b

                """));
    }

    @Test
    void connectionOptionsDoNotRemoveFraming() throws ProtocolException {
        String headerSection = rewritten("""
            POST /x HTTP/1.1
            Connection: Content-Length, Transfer-Encoding, Host, Expect
            Host: tenant
            Content-Length: 3

            """);
        assertTrue(headerSection.contains("Content-Length: 3\r\n"), headerSection);
        assertTrue(headerSection.contains("Host: shared.example.com\r\n"), headerSection);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /version,                 true",
        "GET /version?,                false",
        "GET /version/,                false",
        "GET //version,                false",
        "GET /Version,                 false",
        "GET /versio%6e,               false",
        "HEAD /version,                false",
        "POST /version,                false",
        "GET /,                        false",
        "GET /version/../complete,     false",
        "GET /complete/../version,     false",
        "GET /version;x,               false",
        "GET /version%2f..%2fcomplete, false",
        "GET /version#x,               false",
        "get /version,                 false",
    })
    void onlyTheExactVersionNeedsNoToken(String start, boolean open) throws ProtocolException {
        parse(start + " HTTP/1.1\nHost: t\n\n");
        assertEquals(open, parser.open());
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer abc,           true",
        "bEARER   a.b-c~+/=,   true",
        "Bearer,               false",
        "Basic YTpi,           false",
        "Bearerabc,            false",
        "Bearer a b,           false",
        "'',                   false",
    })
    void onlyBearerTokensAreAccepted(String value, boolean token) throws ProtocolException {
        parse("GET /x HTTP/1.1\nHost: t\nAuthorization: " + value + "\n\n");
        assertEquals(token, parser.token().isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, 'A: b',                      true",
        "HTTP/1.1, 'Connection: close',         false",
        "HTTP/1.1, 'Connection: foo, Close',    false",
        "HTTP/1.0, 'A: b',                      false",
        "HTTP/1.0, 'Connection: keep-alive',    false",
    })
    void onlyHttp11WithoutCloseIsPersistent(String version, String line, boolean persistent) throws ProtocolException {
        assertEquals(
                persistent,
                parse("GET /x " + version + "\nHost: t\n" + line + "\n\n").persistent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\n\n",
                "GET / HTTP/1.1\nHost: a\nHost: a\n\n",
                "GET / HTTP/1.1\nHost: a, b\n\n",
                "GET / HTTP/1.1\nHost: a/b\n\n",
                "GET / HTTP/1.1\nHost: user@a\n\n",
                "GET / HTTP/1.1\nHost: a\nAuthorization: Bearer a\nauthorization: Bearer b\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n",
                "GET / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 1\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 1\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length: 1, 1\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length: +1\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length: -1\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length: 0x1\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length:\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length: 1 1\n\n",
                "GET / HTTP/1.1\nHost: a\nContent-Length: 9999999999999999999\n\n",
                "GET / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n",
                "GET / HTTP/1.0\nHost: a\nTransfer-Encoding: chunked\n\n",
                "GET / HTTP/1.1\nHost : a\n\n",
                "GET / HTTP/1.1\n Host: a\n\n",
                "GET / HTTP/1.1\nHost: a\nX: 1\n folded\n\n",
                "GET / HTTP/1.1\nHost: a\nX: 1\n\tfolded\n\n",
                "GET / HTTP/1.1\nHost: a\nno colon\n\n",
                "GET / HTTP/1.1\nHost: a\n: no name\n\n",
                "GET / HTTP/1.1\nHost: a\nX\u0000: nul\n\n",
                "GET / HTTP/1.1\nHost: a\nX: nul \u0000\n\n",
                "GET / HTTP/1.1\nHost: a\nX: bare cr \r in value\n\n",
                "GET / HTTP/1.1\nHost: a\n\rX: bare cr in name\n\n",
                "GET / HTTP/1.1\nHost: a\nX: del \u007f\n\n",
                "GET / HTTP/1.1\nHost: a\nX\u00e9: not ASCII\n\n",
                "G(T / HTTP/1.1\nHost: a\n\n",
                " GET / HTTP/1.1\nHost: a\n\n",
                "GET  / HTTP/1.1\nHost: a\n\n",
                "GET / x HTTP/1.1\nHost: a\n\n",
                "GET /\u00e9 HTTP/1.1\nHost: a\n\n",
                "GET /\t HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1 \nHost: a\n\n",
                "GET / http/1.1\nHost: a\n\n",
                "GET / HTTP/1\nHost: a\n\n",
                "GET / HTTP/11.1\nHost: a\n\n",
                "GET /\nHost: a\n\n",
                "GET\n\n",
                "\u0016\u0003\u0001\n\n",
                "GET http://elsewhere HTTP/1.1\nHost: a\n\n",
                "GET * HTTP/1.1\nHost: a\n\n",
                "OPTIONS */admin HTTP/1.1\nHost: a\n\n",
                "GET x HTTP/1.1\nHost: a\n\n",
            })
    void rejectsAmbiguousRequests(String headerSection) {
        ProtocolException exception = assertThrows(ProtocolException.class, () -> parse(headerSection));
        assertEquals(ProxyError.BAD_REQUEST, ProxyError.of(exception), exception.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/2.0\nHost: a\n\n',                                    VERSION_NOT_SUPPORTED",
        "'GET / HTTP/1.2\nHost: a\n\n',                                    VERSION_NOT_SUPPORTED",
        "'PRI * HTTP/2.0\n\n',                                             VERSION_NOT_SUPPORTED",
        "'GET / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n',  NOT_IMPLEMENTED",
        "'GET / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n\n',       NOT_IMPLEMENTED",
        "'GET / HTTP/1.1\nHost: a\nTransfer-Encoding: identity\n\n',       NOT_IMPLEMENTED",
        "'GET / HTTP/1.1\nHost: a\nTransfer-Encoding:\n\n',                NOT_IMPLEMENTED",
        "'TRACE / HTTP/1.1\nHost: a\n\n',                                  NOT_IMPLEMENTED",
        "'trace / HTTP/1.1\nHost: a\n\n',                                  NOT_IMPLEMENTED",
        "'CONNECT a:443 HTTP/1.1\nHost: a\n\n',                            NOT_IMPLEMENTED",
        "'GET / HTTP/1.1\nHost: a\nExpect: a miracle\n\n',                 EXPECTATION_FAILED",
    })
    void reportsUnsupportedFeatures(String headerSection, ProxyError refusal) {
        assertEquals(refusal, ProxyError.of(assertThrows(ProtocolException.class, () -> parse(headerSection))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\nHost: a\n\n", "G / HTTP/1.1\r\nHost: a\n\r\n", "\n"})
    void rejectsLinesThatEndWithoutCr(String raw) {
        ProtocolException exception = assertThrows(
                ProtocolException.class, () -> new HeaderSectionEnd(HeaderSectionEnd.MAX_LENGTH).find(buffer(raw)));
        assertEquals(ProxyError.BAD_REQUEST, ProxyError.of(exception));
    }

    @Test
    void rejectsAnIncompleteHeaderSectionOverTheLimit() throws ProtocolException {
        String start = "GET / HTTP/1.1\r\nX: ";
        HeaderSectionEnd end = new HeaderSectionEnd(HeaderSectionEnd.MAX_LENGTH);
        assertTrue(end.find(buffer(start + "x".repeat(HeaderSectionEnd.MAX_LENGTH - start.length()))) < 0);
        ProtocolException exception = assertThrows(
                ProtocolException.class,
                () -> end.find(buffer(start + "x".repeat(HeaderSectionEnd.MAX_LENGTH - start.length() + 1))));
        assertEquals(ProxyError.HEAD_TOO_LARGE, ProxyError.of(exception));
    }

    @Test
    void rejectsTooManyLines() {
        String headerSection = "GET / HTTP/1.1\nHost: a\n" + "A: b\n".repeat(256) + "\n";
        assertEquals(
                ProxyError.HEAD_TOO_LARGE,
                ProxyError.of(assertThrows(ProtocolException.class, () -> parse(headerSection))));
    }

    @Test
    void findsTheEndInAnySegmentation() throws ProtocolException {
        String headerSection = crlf("GET /x HTTP/1.1\nHost: a\nX: y\n\n");
        ReceiveBuffer pending = new ReceiveBuffer();
        HeaderSectionEnd end = new HeaderSectionEnd(HeaderSectionEnd.MAX_LENGTH);
        for (int i = 0; i < headerSection.length(); i++) {
            pending.add(buffer(headerSection.substring(i, i + 1)), ByteBufAllocator.DEFAULT);
            assertEquals(
                    i == headerSection.length() - 1 ? headerSection.length() : -1,
                    end.find(pending.view()),
                    "after byte " + i);
        }
        assertEquals(
                "/x",
                parser.parse(pending.view(), headerSection.length(), new UsageScanner(new byte[16]))
                        .path());
        pending.clear();
    }

    @Test
    void parsesLongHeaderSectionsAfterShortOnes() throws ProtocolException {
        parse("GET /short HTTP/1.1\nHost: a\n\n");
        String path = "/" + "x".repeat(20_000);
        assertEquals(
                path.substring(0, 512) + "...",
                parse("GET " + path + " HTTP/1.1\nHost: a\n\n").path());
        assertEquals(
                "/short", parse("GET /short?secret=1 HTTP/1.1\nHost: a\n\n").path());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Transfer-Encoding: chunked        | Transfer-Encoding: chunked",
                "Transfer-Encoding:chunked         | Transfer-Encoding: chunked",
                "Transfer-Encoding:\\tchunked\\t     | Transfer-Encoding: chunked",
                "transfer-encoding:  CHUNKED       | transfer-encoding: chunked",
                "Content-Length: 0                 | Content-Length: 0",
                "Content-Length:\\t7                | Content-Length: 7",
                "Content-Length: 007               | Content-Length: 7",
                "Content-Length: 000               | Content-Length: 0",
                "Content-Length: 10\\t              | Content-Length: 10",
            })
    void framingLinesAreWrittenInOneForm(String line, String written) throws ProtocolException {
        String headerSection = "POST /x HTTP/1.1\nHost: a\nA: b\n%s\nC:\td\n\n";
        assertTrue(
                rewritten(headerSection.formatted(line.replace("\\t", "\t")))
                        .contains(crlf("\nA: b\n" + written + "\nC:\td\n")),
                rewritten(headerSection.formatted(line.replace("\\t", "\t"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a/b             | false", "/                | false", "/..a/.b/c..      | false",
                        "/a?/../b         | false",
                "/a...            | false", "/v1.0/x          | false", "/../x            | true",
                        "/a/..            | true",
                "/./a             | true", "/%2e%2E/x        | true", "/.%2e/x          | true",
                        "/a%2f..%2Fx      | true",
                "/a\\..\\x          | true", "/a%5C..%5cx      | true", "/..;x=1/b        | true",
                        "/a/..?q          | true",
            })
    void dotSegmentsAreFound(String target, boolean found) throws ProtocolException {
        parse("GET " + target + " HTTP/1.1\nHost: a\n\n");
        assertEquals(found, parser.dotSegments());
    }

    private Request parse(String headerSection) throws ProtocolException {
        ByteBuf in = buffer(crlf(headerSection));
        return parser.parse(in, in.readableBytes(), new UsageScanner(new byte[16]));
    }

    private String rewritten(String headerSection) throws ProtocolException {
        parse(headerSection);
        ByteBuf out = parser.write(TARGET, 0, ByteBufAllocator.DEFAULT);
        try {
            return out.toString(StandardCharsets.ISO_8859_1);
        } finally {
            out.release();
        }
    }
}
