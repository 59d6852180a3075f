package io.sharedinference.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    private static final Random RANDOM = new Random(7);

    record Form(String name, UnaryOperator<String> write) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Form> forms() {
        return Stream.of(
                new Form("plain", s -> s),
                new Form("in a line", s -> "value: " + s + "; more"),
                new Form("base64", RedactionTest::base64),
                new Form("base64 without padding", s -> base64(s).replace("=", "")),
                new Form("base64 for URLs", s -> Base64.getUrlEncoder().encodeToString(bytes(s))),
                new Form("base64 twice, as in Helm's releases", s -> base64(base64(s))),
                new Form("base64 behind one byte", s -> base64(":" + s + "@host")),
                new Form("base64 behind two bytes", s -> base64("u:" + s)),
                new Form("base64 within a Docker login", s -> base64("user:" + s)),
                new Form("URL", s -> URLEncoder.encode(s, StandardCharsets.UTF_8)),
                new Form(
                        "URL path",
                        s -> URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20")),
                new Form("JSON", RedactionTest::json),
                new Form("JSON within JSON", s -> json("{\"a\":" + json(s) + "}")),
                new Form("YAML in single quotes", s -> "'" + s.replace("'", "''") + "'"),
                new Form(
                        "HTML",
                        s -> s.replace("&", "&amp;")
                                .replace("<", "&lt;")
                                .replace(">", "&gt;")
                                .replace("\"", "&#34;")
                                .replace("'", "&#39;")),
                new Form("hexadecimal", s -> HexFormat.of().formatHex(bytes(s))));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aKnownSecretIsMaskedInEveryFormThatAToolMayPrintItIn(Form form) {
        for (var round = 0; round < 300; round++) {
            var secret = secret();
            var printed = form.write().apply(secret);
            var masked = Redaction.of(List.of("other-secret", secret)).apply("before " + printed + " after");
            assertFalse(masked.contains(printed), () -> form + " of " + secret + " left in " + masked);
            assertFalse(masked.contains(secret), () -> form + " of " + secret + " left in " + masked);
        }
    }

    @Test
    void aSecretOfSeveralLinesIsMaskedLineByLineToo() {
        var masked = Redaction.of(List.of("first-line-1\nsecond-line\n")).apply("+ first-line-1\n+ second-line\n");
        assertEquals("+ ***\n+ ***\n", masked);
    }

    @Test
    void ofSecretsWithinSecretsTheWholeIsMasked() {
        assertEquals("***", Redaction.of(List.of("abcd", "abcd-efgh")).apply("abcd-efgh"));
    }

    @Test
    void itDoesNotShowWhatItKnows() {
        assertFalse(Redaction.of(List.of("planted-secret")).toString().contains("planted"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.FAKEFAKEFAKE",
                "Authorization: Bearer FAKE-unknown.token_1",
                "https://user:FAKEFAKE@registry.example/path",
                "ghp_FAKEFAKEFAKEFAKEFAKEFAKE",
                "token: FAKEFAKE1",
                "\"remote-inference-api-token\": \"FAKEFAKE1\"",
                "{\\\"password\\\":\\\"FAKEFAKE1\\\"}",
                "PULUMI_CONFIG_PASSPHRASE=FAKEFAKE1",
                "apiKey = 'FAKEFAKE1'",
                "-----BEGIN RSA PRIVATE KEY-----\n+ FAKE\n+ FAKE\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nFAKE cut off"
            })
    void whatLooksLikeASecretIsMaskedWithoutBeingKnown(String text) {
        var masked = Redaction.of(List.of()).apply(text);
        assertFalse(masked.contains("FAKE"), masked);
        assertEquals(masked, Redaction.of(List.of()).apply(masked), "not idempotent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokenFingerprint: 0123456789abcdef",
                "secretName: inference-api-proxy-secret",
                "image: registry.example/proxy:src-1@sha256:0123456789abcdef0123456789abcdef",
                "automountServiceAccountToken: false",
                "- secret:\n    name: pharia-iam-users",
                "the token changes",
                "https://inference-api.tenant1.example.com/models"
            })
    void whatIsNoSecretStays(String text) {
        assertEquals(text, Redaction.of(List.of()).apply(text));
    }

    private static String secret() {
        var alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789-_.~+/=\"'\\&<> %ü";
        var secret = new StringBuilder("s");
        for (var length = RANDOM.nextInt(12, 60); length > 0; length--) {
            secret.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return secret.append('e').toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String json(String text) {
        try {
            return new ObjectMapper().writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
