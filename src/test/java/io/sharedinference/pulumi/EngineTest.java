package io.sharedinference.pulumi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.pulumi.FakePulumi.Answer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineTest {

    /** Output of a real run. */
    private static final String OUTPUT = """
             +  pulumi:pulumi:Stack shared-inference-tenant1 create error: an unhandled error occurred: './.mvn/run \
            compile exec:java' exited with non-zero exit code: 32
            Diagnostics:
              pulumi:pulumi:Stack (shared-inference-tenant1):
                error: stack 'tenant1' cannot be deployed: 1 problem. Nothing was changed.

                1. shared-inference:role = "nosuch"
                  must be shared, tenant or handover
                error: an unhandled error occurred: './.mvn/run compile exec:java' exited with non-zero exit code: 32
            """;

    /** Pulumi Cloud has no organization with the name {@code organization}. */
    @ParameterizedTest
    @CsvSource({
        "organization/shared-inference/shared, shared",
        "shared,                               shared",
        "acme/shared-inference/shared,         acme/shared-inference/shared",
        "organization/another/shared,          organization/another/shared",
    })
    void passesThePlainNameOfAStackOfThisProject(String reference, String passed) {
        var answers = Map.of("stack output --json --show-secrets --stack " + passed, Answer.of("{}"));
        new Engine(FakePulumi.scripted(answers), Path.of("")).outputs(reference);
    }

    @Test
    void reportsAProgramErrorWithoutTheEngineSuffix() {
        var refused = assertThrows(
                EngineException.class,
                () -> new Engine(FakePulumi.scripted(Map.of("up", new Answer(255, OUTPUT, ""))), Path.of(""))
                        .up("tenant1", line -> {}));
        assertTrue(refused.getMessage().contains("must be shared, tenant or handover"), refused.getMessage());
        assertFalse(refused.getMessage().contains("unhandled"), refused.getMessage());
    }

    /** With a wrong passphrase the CLI prints null and exits with 0. */
    @Test
    void reportsAnOutputThatCannotBeDecrypted() {
        var engine = engine(Map.of(
                "stack output --json --show-secrets --stack shared", "{\"url\": \"u\", \"token-blue\": null}",
                "stack output --json --stack shared", "{\"url\": \"u\", \"token-blue\": \"[secret]\"}"));
        var refused = assertThrows(EngineException.class, () -> engine.outputs("shared"));
        assertTrue(
                refused.getMessage().contains("cannot decrypt output token-blue of stack shared: "),
                refused.getMessage());
    }

    @Test
    void reportsASecretThatCannotBeDecrypted() {
        var command = "config --json --show-secrets --config-file kept.yaml --stack blue";
        assertEquals(
                Optional.empty(), engine(Map.of(command, "{}")).decryptFromFile("blue", Path.of("kept.yaml"), "a:b"));
        assertEquals(
                Optional.of("x"),
                engine(Map.of(command, "{\"a:b\": {\"value\": \"x\", \"secret\": true}}"))
                        .decryptFromFile("blue", Path.of("kept.yaml"), "a:b"));
        var refused = assertThrows(
                EngineException.class, () -> engine(Map.of()).decryptFromFile("blue", Path.of("kept.yaml"), "a:b"));
        assertTrue(refused.getMessage().contains("incorrect passphrase"), refused.getMessage());
    }

    private static Engine engine(Map<String, String> answers) {
        return new Engine(FakePulumi.answering(answers), Path.of(""));
    }
}
