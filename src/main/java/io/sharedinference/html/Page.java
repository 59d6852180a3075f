package io.sharedinference.html;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page in one file. Its Content-Security-Policy allows no requests, and only the given scripts.
 *
 * @param body HTML in which all foreign text is escaped
 */
record Page(String title, List<String> styles, String body, List<String> scripts) {

    String html() {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src %s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                %s
                </head>
                <body>
                %s
                %s
                </body>
                </html>
                """.formatted(
                scripts.isEmpty() ? "'none'" : scripts.stream().map(Page::hash).collect(Collectors.joining(" ")),
                Html.escaped(title),
                elements("style", styles),
                body,
                elements("script", scripts));
    }

    private static String elements(String name, List<String> contents) {
        return contents.stream()
                .map(content -> "<" + name + ">" + content + "</" + name + ">")
                .collect(Collectors.joining("\n"));
    }

    private static String hash(String script) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param path absolute, or relative to this class */
    static String resource(String path) {
        try (var resource = Page.class.getResourceAsStream(path)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
