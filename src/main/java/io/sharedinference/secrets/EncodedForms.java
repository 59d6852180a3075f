package io.sharedinference.secrets;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The forms of a secret in YAML, JSON, URLs, HTML, Kubernetes Secrets and Helm's releases. */
final class EncodedForms {

    static final int SHORTEST = 4;

    private EncodedForms() {}

    static Stream<String> of(String secret) {
        return parts(secret).flatMap(EncodedForms::encodings);
    }

    /** The text and each of its lines, since diffs and YAML blocks prefix every line. */
    static Stream<String> parts(String secret) {
        var lines = secret.lines().map(String::strip).toList();
        return Stream.concat(Stream.of(secret.strip()), lines.size() > 1 ? lines.stream() : Stream.empty())
                .filter(text -> text.length() >= SHORTEST);
    }

    /** Forms other than pure escapes, which {@link Unescaped} resolves, except within base64. */
    private static Stream<String> encodings(String text) {
        return Stream.concat(
                        Stream.of(text),
                        Stream.of(
                                json(text),
                                goJson(text),
                                html(text),
                                url(text),
                                url(text).replace("+", "%20")))
                .distinct()
                .map(form -> form.getBytes(StandardCharsets.UTF_8))
                .flatMap(bytes -> Stream.concat(
                        Stream.of(new String(bytes, StandardCharsets.UTF_8), base32(bytes)),
                        Stream.concat(
                                Stream.of(
                                        HexFormat.of().formatHex(bytes),
                                        HexFormat.of().withUpperCase().formatHex(bytes)),
                                base64(bytes)
                                        .flatMap(once -> Stream.concat(
                                                Stream.of(once), base64(once.getBytes(StandardCharsets.UTF_8)))))))
                .filter(form -> form.strip().length() >= SHORTEST);
    }

    /** As Go and RFC 3986. */
    private static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("%7E", "~")
                .replace("*", "%2A");
    }

    /** As encoding/json: safe within HTML. */
    private static String goJson(String text) {
        return json(text)
                .replace("&", "\\u0026")
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    /** Complete groups of five bits only, since following text changes the last one. */
    private static String base32(byte[] bytes) {
        var digits = new StringBuilder();
        for (int bit = 0; bit + 5 <= bytes.length * 8; bit += 5) {
            int value = 0;
            for (int i = bit; i < bit + 5; i++) {
                value = value << 1 | bytes[i / 8] >> (7 - i % 8) & 1;
            }
            digits.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(value));
        }
        return digits.toString();
    }

    private static String json(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    /** In both alphabets, alone or within a longer text, where the digits depend on the number of preceding bytes. */
    private static Stream<String> base64(byte[] bytes) {
        var own = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        return Stream.concat(Stream.of(own), IntStream.range(0, 3).mapToObj(before -> within(bytes, before)))
                .filter(form -> form.length() >= SHORTEST)
                .flatMap(form -> Stream.of(form, form.replace('+', '-').replace('/', '_')));
    }

    /** The digits that depend only on these bytes. */
    private static String within(byte[] bytes, int before) {
        var shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        var digits = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        var first = (before * 8 + 5) / 6;
        var last = shifted.length * 8 / 6;
        return first < last ? digits.substring(first, last) : "";
    }
}
