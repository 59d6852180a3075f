package io.sharedinference.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Exchanges to be sent directly to an origin and through the proxy. */
final class Corpus {
    private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nok";
    private static final String EVERY_BYTE =
            IntStream.range(0, 256).mapToObj(i -> String.valueOf((char) i)).collect(Collectors.joining());

    private Corpus() {}

    /**
     * One request and the origin's response. In header sections, LF is replaced by CR LF, and HOST and TOKEN by their
     * values; bodies are sent as they are.
     *
     * @param ends whether the response ends when the origin closes the connection
     */
    record Exchange(String name, String request, String response, boolean ends) {
        String request(String host, String token) {
            return wire(request).replace("HOST", host).replace("TOKEN", token);
        }

        String wireResponse() {
            return wire(response);
        }

        String method() {
            return request.split(" ", 2)[0];
        }

        /** HTTP/1.0 has neither chunks nor interim responses. */
        boolean speaksHttp10() {
            return !(request + response).toLowerCase(Locale.ROOT).contains("transfer-encoding")
                    && !request.contains("100-continue")
                    && !response.startsWith("HTTP/1.1 1");
        }

        /** The same exchange of an HTTP/1.0 client. */
        Exchange asHttp10() {
            return new Exchange(name, request.replace("HTTP/1.1", "HTTP/1.0"), response, ends);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Exchange> exchanges() {
        return Stream.of(targets(), requestHeaders(), requestBodies(), responseHeaders(), responseBodies())
                .flatMap(part -> part)
                .toList();
    }

    private static Stream<Exchange> targets() {
        return Stream.of(
                        "/",
                        "/complete",
                        "/v9/not/invented/yet",
                        "/a?x=%2f&y=//z&&=",
                        "/a?",
                        "/?q=a?b?c",
                        "/%",
                        "/%zz%2e%2e%00",
                        "/a/./b/../c/",
                        "/..",
                        "//evil.example/x",
                        "///",
                        "/a;v=1,2/$&'()*+~!@:",
                        "/[::1]{}|\\^`\"<>",
                        "/#frag",
                        "/version/",
                        "/version?",
                        "/%76ersion",
                        "/Version",
                        "/./version",
                        "//version")
                .map(target -> exchange("target " + target, get(target, ""), OK));
    }

    private static Stream<Exchange> requestHeaders() {
        return Stream.of(
                exchange("asterisk", get("*", "").replace("GET", "OPTIONS"), OK),
                exchange("an unknown method", get("/pot", "").replace("GET", "BREW"), OK),
                exchange("a method in lower case is another", get("/x", "").replace("GET", "get"), OK),
                exchange("DELETE without a body", get("/x", "").replace("GET", "DELETE"), OK),
                exchange("case, order, duplicates, empty and padded values", """
                    GET /x HTTP/1.1
                    x-zero:
                    X-ONE: 1
                    hOsT: HOST
                    X-one:2
                    X-Empty: \t\s
                    Accept-Encoding: br, gzip;q=0, *
                    AUTHORIZATION: Bearer TOKEN
                    X-Padded: \t in \t the middle \t
                    X-One:3
                    Cookie: a=b; c="d, e"
                    Cookie: f=g

                    """, OK),
                exchange("what others are tempted to add or rewrite", get("/x", """
                    Via: 1.0 fred
                    Date: yesterday
                    Referer: http://elsewhere/
                    Origin: null
                    Forwarded: for=_spoofed;host=evil
                    X-Forwarded-For: 1.2.3.4
                    X-Forwarded-Host: evil
                    X-Forwarded-Prefix: /evil
                    X-Real-IP: 1.2.3.4
                    X-Request-Id: mine
                    traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                    tracestate: a=b
                    """), OK),
                exchange(
                        "Latin-1 and punctuation in values",
                        get("/x", "X: \u00e9\u00fc\u00ff\u0080 :;,\"\\()<>@\n"),
                        OK),
                exchange("names of every token character", get("/x", "!#$%&'*+-.^_`|~09azAZ: x\n"), OK),
                exchange("hop-by-hop lines", get("/x", """
                    Connection: keep-alive, X-Hop,X-other ,, Authorization, Host
                    Keep-Alive: timeout=5
                    Proxy-Connection: keep-alive
                    Proxy-Authorization: Basic eDp5
                    X-Hop: dropped
                    TE: trailers
                    X-Stays: 1
                    x-hop: dropped
                    Upgrade: h2c, websocket
                    X-OTHER: dropped
                    Connection: upgrade, HTTP2-Settings
                    HTTP2-Settings: AAMAAABkAAQAAP__
                    """), OK),
                exchange("a long line", get("/x", "X-Long: " + "x".repeat(40_000) + "\n"), OK),
                exchange(
                        "many lines",
                        get(
                                "/x",
                                IntStream.range(0, 250)
                                        .mapToObj(i -> "X-" + i + ": " + i + "\n")
                                        .collect(Collectors.joining())),
                        OK),
                exchange("a long target", get("/" + "y".repeat(30_000) + "?z", ""), OK));
    }

    private static Stream<Exchange> requestBodies() {
        return Stream.of(
                exchange("a length", post("Content-Length: 256", EVERY_BYTE), OK),
                exchange("a length of nothing", post("Content-Length: 0", ""), OK),
                exchange("a length of one digit", post("Content-Length: 3", "abc"), OK),
                exchange(
                        "a body that resembles a request",
                        post("Content-Length: 31", "GET /smuggled HTTP/1.1\r\nHost: a"),
                        OK),
                exchange("GET with a body", post("Content-Length: 3", "abc").replace("POST", "GET"), OK),
                exchange("one chunk", post("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"), OK),
                exchange(
                        "chunks with extensions, capitals, zeros in front and trailers",
                        post(
                                "transfer-encoding: chunked\nTrailer: X-Sum",
                                "00a;a=b;c=\"d;e\"\r\n0123456789\r\nA\r\n9876543210"
                                        + "\r\n3;x\r\n\r\n\r\r\n000;last\r\nX-Sum: abc\r\nx-sum:\r\n\r\n"),
                        OK),
                exchange("no chunk at all", post("Transfer-Encoding: chunked", "0\r\n\r\n"), OK),
                exchange("an expectation", post("Expect: 100-continue\nContent-Length: 5", "hello"), OK),
                exchange(
                        "an expectation in capitals, with chunks",
                        post("EXPECT: 100-Continue\nTransfer-Encoding: chunked", "1\r\nx\r\n0\r\n\r\n"),
                        OK));
    }

    private static Stream<Exchange> responseHeaders() {
        return Stream.of(
                answered("case, order, duplicates, empty and padded values", """
                    HTTP/1.1 200 OK
                    sEt-CooKie: a=b
                    SERVER: none
                    Set-Cookie: c=d; Path=/
                    X-Empty:
                    Date:  never\t
                    Content-Length: 2
                    Via: 1.1 other
                    Alt-Svc: h3=":443"
                    Strict-Transport-Security: max-age=1
                    X-Latin: \u00e9

                    {}\
                    """),
                answered("hop-by-hop lines", """
                    HTTP/1.1 200 OK
                    Connection: X-Hop, keep-alive
                    Keep-Alive: timeout=5, max=100
                    X-Hop: dropped
                    Content-Length: 2
                    X-Stays: 1

                    ok\
                    """),
                answered("no reason", "HTTP/1.1 200\nContent-Length: 0\n\n"),
                answered("an empty reason", "HTTP/1.1 200 \nContent-Length: 0\n\n"),
                answered("a long reason", "HTTP/1.1 418 I'm  a \u00e9 teapot \nContent-Length: 0\n\n"),
                answered("an unknown status", "HTTP/1.1 799 Odd\nContent-Length: 1\n\nx"),
                answered(
                        "401 with a challenge",
                        "HTTP/1.1 401 U\nWWW-Authenticate: Basic realm=\"x\"\nContent-Length: 0\n\n"),
                answered("a redirect", "HTTP/1.1 307 T\nLocation: http://HOST/elsewhere\nContent-Length: 0\n\n"),
                answered("500", "HTTP/1.1 500 Oops\nContent-Length: 4\nRetry-After: 1\n\noops"),
                answered("204", "HTTP/1.1 204 No Content\nX: y\n\n"),
                answered(
                        "304 with the length of what it does not send",
                        "HTTP/1.1 304 Not Modified\nETag: \"x\"\nContent-Length: 7\n\n"),
                answered("304 with an encoding", "HTTP/1.1 304 Not Modified\nTransfer-Encoding: chunked\n\n"),
                answered("205", "HTTP/1.1 205 Reset Content\nContent-Length: 0\n\n"),
                answered("early hints", "HTTP/1.1 103 Early Hints\nLink: </a>\n\n" + OK),
                answered(
                        "several interim responses",
                        "HTTP/1.1 102 Processing\n\nHTTP/1.1 103 Early Hints\nLink: </a>\n\n" + "HTTP/1.1 199\nX: y\n\n"
                                + OK),
                exchange("HEAD", get("/x", "").replace("GET", "HEAD"), "HTTP/1.1 200 OK\nContent-Length: 1000000\n\n"),
                exchange(
                        "HEAD of chunks",
                        get("/x", "").replace("GET", "HEAD"),
                        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"),
                exchange("HEAD of nothing known", get("/x", "").replace("GET", "HEAD"), "HTTP/1.1 404 No\nX: y\n\n"),
                answered("a long line", "HTTP/1.1 200 OK\nX-Long: " + "x".repeat(40_000) + "\nContent-Length: 0\n\n"),
                answered(
                        "many lines", "HTTP/1.1 200 OK\nContent-Length: 0\n" + "Set-Cookie: a=b\n".repeat(250) + "\n"));
    }

    private static Stream<Exchange> responseBodies() {
        return Stream.of(
                answered("every byte", "HTTP/1.1 200 OK\nContent-Length: 256\n\n" + EVERY_BYTE),
                answered(
                        "gzip",
                        "HTTP/1.1 200 OK\nContent-Encoding: gzip\nVary: Accept-Encoding\nContent-Length: "
                                + gzip().length() + "\n\n" + gzip()),
                answered(
                        "gzip in chunks",
                        "HTTP/1.1 200 OK\nContent-Encoding: gzip\nTransfer-Encoding: chunked\n\n" + chunk(gzip())
                                + "0\r\n\r\n"),
                answered(
                        "chunks with extensions, capitals, zeros in front and trailers",
                        "HTTP/1.1 200 OK\n"
                                + "TRANSFER-ENCODING: Chunked\n"
                                + "Trailer: X-Sum\n\n"
                                + "5;ext=\"a;b\"\r\n"
                                + "hello\r\n"
                                + "00A\r\n"
                                + "0123456789\r\n"
                                + "0;end\r\n"
                                + "X-Sum: abc\r\n"
                                + "X-More:\r\n\r\n"),
                answered(
                        "events",
                        "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nCache-Control: no-cache\n"
                                + "Transfer-Encoding: chunked\n\n" + chunk("data: {\"a\":1}\n\n") + chunk(": ping\n\n")
                                + chunk("data: [DONE]\n\n") + "0\r\n\r\n"),
                answered(
                        "a body that resembles a response",
                        "HTTP/1.1 200 OK\nContent-Length: 38\n\n" + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                ended(
                        "an end that is the end of the connection",
                        "HTTP/1.1 200 OK\nContent-Type: text/plain\n\n" + EVERY_BYTE),
                ended("the same with nothing in it", "HTTP/1.1 200 OK\n\n"),
                ended("an origin of HTTP/1.0", "HTTP/1.0 200 OK\nContent-Length: 2\n\nok"),
                ended("an origin of HTTP/1.0 without a length", "HTTP/1.0 200 OK\n\nok"));
    }

    private static Exchange exchange(String name, String request, String response) {
        return new Exchange("request: " + name, request, response, false);
    }

    private static Exchange answered(String name, String response) {
        return new Exchange("response: " + name, get("/x", ""), response, false);
    }

    private static Exchange ended(String name, String response) {
        return new Exchange("response: " + name, get("/x", ""), response, true);
    }

    private static String get(String target, String lines) {
        return "GET " + target + " HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\n" + lines + "\n";
    }

    private static String post(String lines, String body) {
        return "POST /x HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\n" + lines + "\n\n" + body;
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static String gzip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("to be or not to be".repeat(100).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** Converts the line endings of header sections, including those of interim responses. */
    private static String wire(String text) {
        int end = text.indexOf("\n\n") + 2;
        String headerSection = RawClient.crlf(text.substring(0, end));
        boolean interim = headerSection.startsWith("HTTP/1.1 1");
        return headerSection + (interim ? wire(text.substring(end)) : text.substring(end));
    }
}
