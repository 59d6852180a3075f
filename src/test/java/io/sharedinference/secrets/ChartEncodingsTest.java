package io.sharedinference.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real helm: whatever a chart's functions make of a secret, short of hashing it, is masked. */
class ChartEncodingsTest {

    private static final long SEED = Long.getLong("redaction.seed", 12);
    private static final int SECRETS = 40;
    private static final int MOST_LEFT = 8; // quotes and padding
    private static final List<String> PIPELINES = List.of(
            "toString",
            "toJson",
            "toJson | toJson",
            "toJson | toJson | toJson",
            "toJson | quote",
            "quote",
            "squote",
            "quote | quote",
            "quote | squote",
            "squote | quote",
            "toYaml",
            "toYaml | quote",
            "toYaml | toJson",
            "list | toYaml",
            "list | toJson",
            "dict \"a\" | toYaml",
            "toPrettyJson",
            "toRawJson",
            "urlquery",
            "urlquery | toJson",
            "urlquery | urlquery",
            "toJson | urlquery",
            "quote | urlquery",
            "html",
            "html | toJson",
            "html | html",
            "js",
            "js | toJson",
            "b64enc",
            "b64enc | b64enc",
            "b64enc | urlquery",
            "b64enc | toJson",
            "quote | b64enc",
            "toJson | b64enc",
            "urlquery | b64enc",
            "html | b64enc",
            "b32enc",
            "printf \"%q\"",
            "printf \"%+q\"",
            "printf \"%x\"",
            "printf \"%X\"",
            "printf \"%q\" | toJson",
            "indent 4",
            "nindent 2",
            "trim",
            "cat \"\"");

    @TempDir
    Path directory;

    @Test
    void nothingThatAChartMakesOfASecretIsReadable() throws IOException, InterruptedException {
        var secrets = secrets();
        var lines = rendered(secrets);
        assertEquals(SECRETS * PIPELINES.size(), lines.size());
        var left = new ArrayList<String>();
        for (var line : lines) {
            int number = Integer.parseInt(line.replaceFirst("^ *s(\\d+)p.*", "$1"));
            int pipeline = Integer.parseInt(line.replaceFirst("^ *s\\d+p(\\d+):.*", "$1"));
            var value = line.substring(line.indexOf(": ") + 2);
            var masked =
                    Redaction.of(List.of("another-one", secrets.get(number))).apply(value);
            if (!masked.contains(Redaction.MASK)
                    || masked.replace(Redaction.MASK, "")
                                    .replaceAll("[\\\\\"']", "")
                                    .length()
                            > MOST_LEFT) {
                left.add(PIPELINES.get(pipeline) + ": " + value + " of " + secrets.get(number) + " became " + masked);
            }
        }
        assertTrue(
                left.isEmpty(),
                left.size() + " readable:\n" + String.join("\n", left.subList(0, Math.min(10, left.size()))));
    }

    private List<String> rendered(List<String> secrets) throws IOException, InterruptedException {
        var templates = Files.createDirectories(directory.resolve("chart/templates"));
        Files.writeString(directory.resolve("chart/Chart.yaml"), "apiVersion: v2\nname: c\nversion: 1.0.0\n");
        var template = new StringBuilder("kind: Made\ndata:\n{{- range $i, $s := .Values.secrets }}\n");
        for (int i = 0; i < PIPELINES.size(); i++) {
            template.append("  s{{ $i }}p" + i + ": {{ $s | " + PIPELINES.get(i) + " | toJson }}\n");
        }
        Files.writeString(templates.resolve("made.yaml"), template + "{{- end }}\n");
        var values = directory.resolve("values.yaml");
        Files.writeString(values, new ObjectMapper().writeValueAsString(Map.of("secrets", secrets)));
        var helm = new ProcessBuilder(
                        Tool.required("helm").toString(),
                        "template",
                        "r",
                        directory.resolve("chart").toString(),
                        "-f",
                        values.toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(helm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, helm.waitFor(), output);
        return output.lines().filter(line -> line.matches("  s\\d+p\\d+: .*")).toList();
    }

    private static List<String> secrets() {
        var random = new Random(SEED);
        var alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789-_.~+/=\"'\\&<>%#:{}[]$@!*ü日😀 ";
        var secrets = new ArrayList<String>();
        for (int i = 0; i < SECRETS; i++) {
            var secret = new StringBuilder("s");
            for (int length = 12 + random.nextInt(40); length > 0; length--) {
                int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
                secret.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
            }
            secrets.add(secret.append('e').toString());
        }
        return secrets;
    }
}
