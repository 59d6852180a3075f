package io.sharedinference.proxy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Requests of attackers and faulty clients: mostly valid, with parts that parsers are known to read differently. */
final class HostileRequests {
    private static final Arbitrary<String> SPECIAL_BYTES = Arbitraries.of(
            "\r",
            "\n",
            "\r\n",
            "\0",
            " ",
            "\t",
            ":",
            ";",
            ",",
            "\u000b",
            "\u0085",
            "\u00a0",
            "0",
            "x",
            "\r\n ",
            "\r\n\r\n");

    private HostileRequests() {}

    /** Pipelined requests with a few random edits. */
    static Arbitrary<String> streams() {
        Arbitrary<String> requests = request().list().ofMinSize(1).ofMaxSize(3).map(all -> String.join("", all));
        return Combinators.combine(requests, edits()).as(HostileRequests::edited);
    }

    static Arbitrary<List<Edit>> edits() {
        Arbitrary<Edit> edit = Combinators.combine(
                        Arbitraries.integers().between(0, 9999),
                        Arbitraries.integers().between(0, 2),
                        SPECIAL_BYTES)
                .as(Edit::new);
        return Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(List.of())),
                Tuple.of(1, edit.list().ofMaxSize(2)));
    }

    /** Replaces a number of bytes at an offset. */
    record Edit(int offset, int removed, String inserted) {}

    static String edited(String text, List<Edit> edits) {
        StringBuilder edited = new StringBuilder(text);
        for (Edit edit : edits) {
            int from = edit.offset % Math.max(1, edited.length());
            edited.replace(from, Math.min(edited.length(), from + edit.removed), edit.inserted);
        }
        return edited.toString();
    }

    private static Arbitrary<String> request() {
        Arbitrary<String> lines = Combinators.combine(host(), credentials(), other(), Arbitraries.randomValue(r -> r))
                .as((host, credentials, other, random) -> {
                    List<String> all = new java.util.ArrayList<>(List.of(host, credentials, other));
                    java.util.Collections.shuffle(all, random);
                    return String.join("", all);
                });
        Arbitrary<String> composed = Combinators.combine(startLine(), lines, framing(), bodies())
                .as((start, some, framing, body) -> start + some + framed(framing, body));
        return Arbitraries.frequencyOf(
                Tuple.of(40, composed),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                                "\r\n",
                                "\0",
                                "GET /x\r\n",
                                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")));
    }

    private static Arbitrary<String> startLine() {
        Arbitrary<String> methods =
                mostly("GET", "POST", "HEAD", "OPTIONS", "DELETE", "CONNECT", "TRACE", "get", "G(T", "");
        Arbitrary<String> targets = mostly(
                "/x",
                "/version",
                "/version?x",
                "/version#",
                "*",
                "http://evil/x",
                "hTTps://evil:1/version",
                "http://x@evil/x",
                "http://evil",
                "//evil/x",
                "/x y",
                "/\u00e9",
                "x",
                "/x\t",
                "evil:443",
                "/%0d%0aX:y");
        Arbitrary<String> versions = mostly(
                "HTTP/1.1",
                "HTTP/1.0",
                "HTTP/1.2",
                "HTTP/2.0",
                "HTTP/0.9",
                "http/1.1",
                "HTTP/1.1 ",
                "HTTP/01.1",
                "HTTP/1",
                "",
                "HTTP/1,1");
        return Combinators.combine(methods, targets, versions)
                .as((method, target, version) -> method + " " + target + " " + version + "\r\n");
    }

    private static Arbitrary<String> host() {
        return mostly(
                "Host: t\r\n",
                "",
                "host:t\r\n",
                "Host: t\r\nHost: t\r\n",
                "Host: t\r\nhOST: evil\r\n",
                "Host:\r\n",
                "Host: evil/x\r\n",
                "Host: a b\r\n",
                "Host : t\r\n",
                " Host: t\r\n",
                "Host: t@evil\r\n",
                "Host: a,b\r\n");
    }

    private static Arbitrary<String> credentials() {
        String good = "Authorization: Bearer " + ProxyFixture.TOKEN + "\r\n";
        return mostly(
                good,
                "",
                good + good,
                good + "authorization: Bearer other\r\n",
                "Authorization: Bearer other\r\n",
                "Authorization: Bearer other\r\n" + good,
                "aUTHORIZATION: bEARER   " + ProxyFixture.TOKEN + " \r\n",
                "Authorization : Bearer " + ProxyFixture.TOKEN + "\r\n",
                "Authorization: Basic eDp5\r\n",
                "Authorization: Bearer " + ProxyFixture.TOKEN + ", Bearer x\r\n",
                "Authorization: Bearer\r\n",
                "Authorization: " + ProxyFixture.TOKEN + "\r\n",
                "Authorization:\tBearer\t" + ProxyFixture.TOKEN + "\r\n",
                "Authorization: Bearer\r\n " + ProxyFixture.TOKEN + "\r\n",
                "Proxy-Authorization: Bearer " + ProxyFixture.TOKEN + "\r\n",
                good + "Proxy-Authorization: Bearer " + ProxyFixture.TOKEN + "\r\n",
                "Connection: Authorization\r\n" + good);
    }

    private static Arbitrary<String> other() {
        return mostly(
                "X-Some: thing\r\n",
                "",
                "X:\r\n",
                "X: a\r\n folded\r\n",
                "X: a\r\n\tfolded\r\n",
                "X: a\nY: b\r\n",
                "X: a\rY: b\r\n",
                "X: \0\r\n",
                "X\0: a\r\n",
                ": a\r\n",
                "X\r\n",
                "X Y: a\r\n",
                "X\u00e9: a\r\n",
                "X: \u00e9\r\n",
                "Connection: close\r\n",
                "Connection: Content-Length, Transfer-Encoding, Host\r\n",
                "Connection: X-Some\r\nX-Some: dropped\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n",
                "Upgrade: websocket\r\nConnection: upgrade\r\n",
                "TE: trailers, deflate\r\n",
                "Trailer: Authorization\r\n",
                "Expect: 100-continue\r\n",
                "Expect: 100-continue\r\nExpect: 100-continue\r\n",
                "Expect: all\r\n",
                "Content_Length: 9\r\n",
                "Transfer_Encoding: chunked\r\n",
                "X-HTTP-Method-Override: TRACE\r\n",
                "X-Original-URL: /version\r\n");
    }

    /** Framing lines; BODY is replaced by the length of the body that follows. */
    private static Arbitrary<String> framing() {
        String length = "Content-Length: BODY\r\n";
        String chunked = "Transfer-Encoding: chunked\r\n";
        return mixed(
                1,
                List.of("", length, chunked),
                length + length,
                length + "Content-Length: 0\r\n",
                "Content-Length: 0\r\n" + length,
                length + chunked,
                chunked + length,
                "Content-Length: BODY, BODY\r\n",
                "Content-Length: +BODY\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 0xBODY\r\n",
                "Content-Length: 000BODY\r\n",
                "Content-Length:\r\n",
                "Content-Length: BODY x\r\n",
                "Content-Length: BODY;\r\n",
                "Content-Length : BODY\r\n",
                "Content-Length: \u000bBODY\r\n",
                "Content-Length:\r\n BODY\r\n",
                "Content-Length: 18446744073709551616\r\n",
                "Content-Length: 4294967296\r\n",
                "Content-Length: 3\r\n",
                "Content-Length: 500\r\n",
                chunked + chunked,
                chunked + "transfer-encoding: identity\r\n",
                "Transfer-Encoding: identity\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: identity, chunked\r\n",
                "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: Chunked \r\n",
                "Transfer-Encoding:\tchunked\t\r\n",
                "Transfer-Encoding: chunked,\r\n",
                "Transfer-Encoding: ,chunked\r\n",
                "Transfer-Encoding: \"chunked\"\r\n",
                "Transfer-Encoding: chunked;x=y\r\n",
                "Transfer-Encoding:\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding\u000b: chunked\r\n",
                "Transfer-Encoding: chunk\u00e9d\r\n",
                "Transfer-Encoding:\r\n chunked\r\n",
                "X: y\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\nX: y\r\n");
    }

    private static Arbitrary<String> bodies() {
        String smuggled =
                "GET /smuggled HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\r\n\r\n";
        Arbitrary<String> sizes = Arbitraries.of(
                "3",
                "3",
                "3",
                "3",
                "3",
                "3",
                "3",
                "3",
                "3",
                "3",
                "03",
                "3;a=b",
                "3;a=\"b\"",
                "3;a=\r",
                "3;\0",
                "3 ",
                " 3",
                "3\t",
                "+3",
                "-3",
                "0x3",
                "3;a\nb",
                "3h",
                "",
                ";a",
                "3,3",
                "FFFFFFFFFFFFFFFF3",
                "10000000000000003",
                "100000003",
                "7fffffffffffffff",
                "000000000000000000003");
        Arbitrary<String> ends = mostly("\r\n", "\n", "\r", "\r\r\n", "X\r\n", "", "\n\r\n", "\r\n\r\n");
        Arbitrary<String> trailers = mostly(
                "",
                "X-Sum: abc\r\n",
                "X-Sum:\r\n",
                "Authorization: Bearer other\r\n",
                "content-length: 5\r\n",
                "Host: evil\r\n",
                "Transfer-Encoding: chunked\r\n",
                "X : y\r\n",
                " X: y\r\n",
                "X: y\r\n folded\r\n",
                "X: y\n",
                ": y\r\n",
                "X\r\n",
                "X: \0\r\n",
                "Connection: close\r\n",
                "TE: x\r\n");
        Arbitrary<String> chunks = Combinators.combine(
                        sizes, ends, ends, trailers, mostly("0", "00", "0;x", "000000000000000000"), ends)
                .as((size, end, dataEnd, trailer, last, lastEnd) ->
                        size + end + "abc" + dataEnd + last + "\r\n" + trailer + lastEnd);
        return Arbitraries.frequencyOf(
                Tuple.of(4, chunks),
                Tuple.of(
                        3,
                        Arbitraries.of(
                                "", "3\r\nabc\r\n0\r\n\r\n", "hello", "0\r\n\r\n", smuggled, "0\r\n\r\n" + smuggled)));
    }

    private static String framed(String framing, String body) {
        return framing.replace("BODY", String.valueOf(body.length())) + "\r\n" + (framing.isEmpty() ? "" : body);
    }

    private static Arbitrary<String> mostly(String usual, String... unusual) {
        // rarely, because the first fault in a request hides the second
        return mixed(12, List.of(usual), unusual);
    }

    /** One of the usual values {@code weight} times as often as one of the others. */
    static Arbitrary<String> mixed(int weight, List<String> usual, String... unusual) {
        return Arbitraries.frequencyOf(Tuple.of(weight, Arbitraries.of(usual)), Tuple.of(1, Arbitraries.of(unusual)));
    }
}
