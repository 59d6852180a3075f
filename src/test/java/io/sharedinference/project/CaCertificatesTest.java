package io.sharedinference.project;

import static io.sharedinference.project.ConfigFixtures.CA;
import static io.sharedinference.project.ConfigFixtures.EXPIRED_CA;
import static io.sharedinference.project.ConfigFixtures.handover;
import static io.sharedinference.project.ConfigFixtures.settings;
import static io.sharedinference.project.ConfigFixtures.shared;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CaCertificatesTest {

    private static final Instant END = Instant.parse("2126-11-01T15:44:47Z");

    @Test
    void readsCaOfSharedAndHandoverStacks() {
        assertEquals(
                Optional.of(new CaCertificates(CA, END)),
                ConfigFixtures.sharedConfig(with(shared(), CA)).inferenceApiCa());
        assertEquals(
                Optional.of(new CaCertificates(CA, END)),
                ConfigFixtures.handoverConfig(with(handover(), CA)).inferenceApiCa());
    }

    @Test
    void stripsSurroundingWhitespace() {
        assertEquals(CA, ofShared("\n" + CA.strip() + " \n\n").pem());
    }

    @Test
    void acceptsSeveralCas() {
        assertEquals(new CaCertificates(EXPIRED_CA + CA, END), ofShared(EXPIRED_CA + CA));
    }

    @Test
    void acceptsExpiredCa() {
        assertEquals(Instant.parse("2002-01-01T00:00:00Z"), ofShared(EXPIRED_CA).validUntil());
    }

    @ParameterizedTest
    @MethodSource
    void rejectsInvalidCa(Map<String, String> keys, String rule, String remedy) {
        var problems = new Problems();
        StackConfig.parse(settings(keys), problems);
        var message = problems.all().toString();
        assertEquals(1, problems.all().size(), message);
        assertEquals("shared-inference:inferenceApiCa", problems.all().get(0).subject());
        assertTrue(message.contains(rule), message);
        assertTrue(message.contains(remedy), message);
    }

    static List<Arguments> rejectsInvalidCa() {
        return List.of(
                Arguments.of(with(shared(), "certs/ca.pem"), "must be PEM-encoded certificates", "< ca.pem"),
                Arguments.of(with(handover(), "certs/ca.pem"), "must be PEM-encoded certificates", "< ca.pem"),
                Arguments.of(with(shared(), CA.replace("MII", "???")), "must be PEM-encoded certificates", "< ca.pem"),
                Arguments.of(with(shared(), CA.substring(0, 300)), "must be PEM-encoded certificates", "< ca.pem"),
                Arguments.of(
                        with(shared(), CA + CA.replace("MII", "XXX")), "must be PEM-encoded certificates", "< ca.pem"),
                Arguments.of(with(plainHttp(), CA), "while the API's URL is http://10.0.0.1:8080", "use https://"),
                Arguments.of(with(tenant(), CA), "not supported for the role tenant", "remove it"));
    }

    @Test
    void rejectsPrivateKeyWithoutQuotingIt() {
        var problems = new Problems();
        var key = "-----BEGIN PRIVATE KEY-----\naHVzaC1odXNo\n-----END PRIVATE KEY-----\n";
        StackConfig.parse(settings(with(shared(), CA + key)), problems);
        var message = problems.all().toString();
        assertTrue(message.contains("must not contain a private key"), message);
        assertFalse(message.contains("aHVzaC1odXNo"), message);
    }

    private static CaCertificates ofShared(String pem) {
        return ConfigFixtures.sharedConfig(with(shared(), pem)).inferenceApiCa().orElseThrow();
    }

    private static Map<String, String> plainHttp() {
        var keys = shared();
        keys.put("inferenceApiUrl", "http://10.0.0.1:8080");
        return keys;
    }

    private static Map<String, String> tenant() {
        return ConfigFixtures.tenant();
    }

    private static Map<String, String> with(Map<String, String> keys, String pem) {
        keys.put("inferenceApiCa", pem);
        return keys;
    }
}
