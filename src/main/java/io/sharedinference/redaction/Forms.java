package io.sharedinference.redaction;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The forms that a secret takes on its way through YAML, JSON, URLs, HTML, Kubernetes Secrets and Helm's releases. */
final class Forms {

    static final int SHORTEST = 4;

    private Forms() {}

    /** Of the text and of each of its lines, since diffs and YAML's blocks put something before every line. */
    static Stream<String> of(String secret) {
        var lines = secret.lines().map(String::strip).toList();
        return Stream.concat(Stream.of(secret.strip()), lines.size() > 1 ? lines.stream() : Stream.empty())
                .filter(text -> text.length() >= SHORTEST)
                .flatMap(Forms::encodings);
    }

    private static Stream<String> encodings(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var url = URLEncoder.encode(text, StandardCharsets.UTF_8);
        return Stream.concat(
                Stream.of(
                        text,
                        json(text),
                        json(json(text)),
                        text.replace("'", "''"),
                        html(text),
                        url,
                        url.replace("+", "%20"),
                        HexFormat.of().formatHex(bytes)),
                base64(bytes)
                        .flatMap(
                                once -> Stream.concat(Stream.of(once), base64(once.getBytes(StandardCharsets.UTF_8)))));
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

    /** In both alphabets, alone or within a longer text: there its digits depend on how many bytes stand before it. */
    private static Stream<String> base64(byte[] bytes) {
        var own = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        return Stream.concat(Stream.of(own), IntStream.range(0, 3).mapToObj(before -> within(bytes, before)))
                .filter(form -> form.length() >= SHORTEST)
                .flatMap(form -> Stream.of(form, form.replace('+', '-').replace('/', '_')));
    }

    /** The digits that these bytes alone decide. */
    private static String within(byte[] bytes, int before) {
        var shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        var digits = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        var first = (before * 8 + 5) / 6;
        var last = shifted.length * 8 / 6;
        return first < last ? digits.substring(first, last) : "";
    }
}
