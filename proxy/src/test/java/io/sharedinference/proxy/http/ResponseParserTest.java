package io.sharedinference.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sharedinference.proxy.telemetry.UsageScanner;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {
    private final ResponseParser parser = new ResponseParser();

    @Test
    void removesHopByHopFieldsOnly() throws ProtocolException {
        parse("""
            HTTP/1.1 299 Odd  reason
            content-TYPE: text/plain
            Connection: keep-alive, X-Hop
            Keep-Alive: timeout=5
            X-Hop: dropped
            Set-Cookie: a
            Set-Cookie: b
            Transfer-Encoding: chunked
            Trailer: X-Sum

            """, false);
        ByteBuf out = parser.write(false, true, 0, ByteBufAllocator.DEFAULT);
        assertEquals(Messages.crlf("""
            HTTP/1.1 299 Odd  reason
            content-TYPE: text/plain
            Set-Cookie: a
            Set-Cookie: b
            Transfer-Encoding: chunked
            Trailer: X-Sum

            """), out.toString(StandardCharsets.ISO_8859_1));
        out.release();
    }

    @ParameterizedTest
    @CsvSource({
        "200, 'Content-Length: 5',            false, Length",
        "200, 'Transfer-Encoding: chunked',   false, ChunkedBody",
        "200, 'X: y',                         false, UntilClose",
        "200, 'Content-Length: 5',            true,  none",
        "200, 'X: y',                         true,  none",
        "204, 'Content-Length: 5',            false, none",
        "304, 'Content-Length: 5',            false, none",
        "304, 'Transfer-Encoding: chunked',   false, none",
        "103, 'Link: x',                      false, none",
    })
    void framesTheBody(int status, String line, boolean answersHead, String kind) throws ProtocolException {
        Response headerSection = parse("HTTP/1.1 " + status + " X\n" + line + "\n\n", answersHead);
        assertEquals(
                kind,
                headerSection.body().complete()
                        ? "none"
                        : headerSection.body().getClass().getSimpleName());
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 200 OK\nA: b\n\n',              true",
        "'HTTP/1.1 200 OK\nConnection: close\n\n', false",
        "'HTTP/1.0 200 OK\nA: b\n\n',              false",
        "'HTTP/1.1 200\n\n',                       true",
        "'HTTP/1.1 200 \n\n',                      true",
        "'HTTP/1.1 204 N\nContent-Length: 0\n\n',  true",
        "'HTTP/1.1 204 N\nContent-Length: 5\n\n',  false",
        "'HTTP/1.1 204 N\nTransfer-Encoding: chunked\n\n', false",
    })
    void keepsTheConnectionOnlyIfTheSharedApiDoes(String headerSection, boolean persistent) throws ProtocolException {
        assertEquals(persistent, parse(headerSection, false).persistent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: 1\nTransfer-Encoding: chunked\n\n",
                "HTTP/1.1 200 OK\nContent-Length: 1\nContent-Length: 2\n\n",
                "HTTP/1.1 200 OK\nContent-Length: x\n\n",
                "HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n",
                "HTTP/1.1 200 OK\nX: a\n folded\n\n",
                "HTTP/1.1 200 OK\nX : a\n\n",
                "HTTP/1.1 200 \u0000\n\n",
                "HTTP/1.1 101 Switching Protocols\n\n",
                "HTTP/1.1 099 Low\n\n",
                "HTTP/1.1 20 OK\n\n",
                "HTTP/1.1 2000 OK\n\n",
                "HTTP/1.1  200 OK\n\n",
                "HTTP/2 200 OK\n\n",
                "HTTP/1.1\n\n",
                "ICY 200 OK\n\n",
                "\n",
            })
    void rejectsMalformedHeaderSections(String headerSection) {
        assertThrows(ProtocolException.class, () -> parse(headerSection, false));
    }

    private Response parse(String headerSection, boolean answersHead) throws ProtocolException {
        ByteBuf in = Messages.buffer(Messages.crlf(headerSection));
        return parser.parse(in, in.readableBytes(), answersHead, new UsageScanner(new byte[16]));
    }
}
