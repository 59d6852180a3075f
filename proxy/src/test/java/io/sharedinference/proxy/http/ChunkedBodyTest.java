package io.sharedinference.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.sharedinference.proxy.telemetry.UsageScanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedBodyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0\n\n",
                "5\nhello\n0\n\n",
                "a\n0123456789\n1\nx\n000\n\n",
                "A\n0123456789\n0\n\n",
                "5;name=value;q=\"a;b\"\nhello\n0;last\n\n",
                "1\nx\n0\nX-Sum: abc\nEmpty:\n\n",
                "1\nx\n0\nA-Very-Long-Trailer-Name-That-No-Table-Knows: abc\n\n",
            })
    void endsExactlyWhereTheBodyEnds(String body) throws ProtocolException {
        String raw = Messages.crlf(body);
        String next = "GET /next HTTP/1.1\r\n";
        assertEquals(raw.length(), acceptedAtOnce(raw + next));
        assertEquals(raw.length(), acceptedByteByByte(raw + next));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "x\n",
                "-1\n",
                "+1\n",
                "0x1\n",
                " 1\n",
                "1 \nx\n",
                "1\t;a\nx\n",
                "1000000000000000\n",
                "00000000000000001\nx\n",
                "1\nxy\n0\n\n",
                "2\nx\n0\n\n",
                "1;a\u0000\nx\n",
                "0\nAuthorization: Bearer x\n\n",
                "0\nproxy-authorization: x\n\n",
                "0\nContent-Length: 5\n\n",
                "0\nTransfer-Encoding: chunked\n\n",
                "0\nHost: x\n\n",
                "0\n: x\n\n",
                "0\nX : y\n\n",
                "0\n X: y\n\n",
                "0\nX\n\n",
                "0\nX: \u0001\n\n",
            })
    void rejectsAmbiguousRequests(String body) {
        assertThrows(ProtocolException.class, () -> acceptedAtOnce(Messages.crlf(body)));
        assertThrows(ProtocolException.class, () -> acceptedByteByByte(Messages.crlf(body)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\nx\r\n0\r\n\r\n",
                "1\r\nx\n0\r\n\r\n",
                "1\r\nx\r\n0\n\r\n",
                "1\r\nx\r\n0\r\n\n",
                "1\rx",
                "1;\nx",
                "0\r\nX: y\n\r\n",
                "1\r\r\nx"
            })
    void rejectsBareLineEnds(String raw) {
        assertThrows(ProtocolException.class, () -> acceptedAtOnce(raw));
    }

    @Test
    void rejectsOversizedExtensionsAndTrailers() {
        assertThrows(ProtocolException.class, () -> acceptedAtOnce("1;" + "x".repeat(5_000)));
        assertThrows(ProtocolException.class, () -> acceptedAtOnce("0\r\n" + "X: y\r\n".repeat(5_000)));
    }

    @Test
    void staysInvalidWhenTheSameBytesAreRead() throws ProtocolException {
        ChunkedBody body = new ChunkedBody(Long.MAX_VALUE, new UsageScanner(new byte[16]));
        body.accept(Messages.buffer("0\r\nX:" + "y".repeat(16 * 1024 - 3)));
        String rest = "\r\nGET /smuggled HTTP/1.1\r\n";
        assertThrows(ProtocolException.class, () -> body.accept(Messages.buffer(rest)));
        assertThrows(ProtocolException.class, () -> body.accept(Messages.buffer(rest)));
        assertFalse(body.complete());
    }

    @Test
    void isNotCompleteBeforeItsLastByte() throws ProtocolException {
        ChunkedBody body = new ChunkedBody(Long.MAX_VALUE, new UsageScanner(new byte[16]));
        body.accept(Messages.buffer("1\r\nx\r\n0\r\n\r"));
        assertFalse(body.complete());
        body.accept(Messages.buffer("\n"));
        assertTrue(body.complete());
    }

    private static int acceptedAtOnce(String raw) throws ProtocolException {
        ByteBuf in = Messages.buffer(raw);
        return new ChunkedBody(Long.MAX_VALUE, new UsageScanner(new byte[16])).accept(in);
    }

    private static int acceptedByteByByte(String raw) throws ProtocolException {
        ChunkedBody body = new ChunkedBody(Long.MAX_VALUE, new UsageScanner(new byte[16]));
        int accepted = 0;
        for (int i = 0; i < raw.length() && !body.complete(); i++) {
            accepted += body.accept(Messages.buffer(raw.substring(i, i + 1)));
        }
        assertTrue(body.complete());
        return accepted;
    }
}
