package io.sharedinference.pulumi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineTest {

    /** With Pulumi Cloud there is no organization of that name. */
    @ParameterizedTest
    @CsvSource({
        "organization/shared-inference/shared, shared",
        "shared,                               shared",
        "acme/shared-inference/shared,         acme/shared-inference/shared",
        "organization/another/shared,          organization/another/shared",
    })
    void aStackOfThisProjectIsAskedForByItsPlainName(String named, String asked) {
        new Engine(new Asked(asked), Path.of("")).outputs(named);
    }

    @Test
    void anErrorOfTheProgramIsShownWithoutWhatTheEngineAddsToIt() {
        var refused = assertThrows(
                EngineException.class, () -> new Engine(new Refused(), Path.of("")).up("tenant1", line -> {}));
        assertTrue(refused.getMessage().contains("must be shared, tenant or handover"), refused.getMessage());
        assertFalse(refused.getMessage().contains("unhandled"), refused.getMessage());
    }

    /** With the lines of a real run. */
    private record Refused() implements PulumiCommand {

        private static final String OUTPUT = """
                 +  pulumi:pulumi:Stack shared-inference-tenant1 create error: an unhandled error occurred: './.mvn/run \
                compile exec:java' exited with non-zero exit code: 32
                Diagnostics:
                  pulumi:pulumi:Stack (shared-inference-tenant1):
                    error: stack 'tenant1' can't be deployed, and nothing was touched. 1 problem:

                    1. shared-inference:role = "nosuch"
                      must be shared, tenant or handover
                    error: an unhandled error occurred: './.mvn/run compile exec:java' exited with non-zero exit code: 32
                """;

        @Override
        public Version version() {
            return Version.of(3, 223);
        }

        @Override
        public CommandResult run(List<String> arguments, CommandRunOptions options) throws AutomationException {
            OUTPUT.lines().forEach(options.onStandardOutput());
            throw new AutomationException("code: 255");
        }
    }

    private record Asked(String stack) implements PulumiCommand {

        @Override
        public Version version() {
            return Version.of(3, 223);
        }

        @Override
        public CommandResult run(List<String> arguments, CommandRunOptions options) {
            assertEquals(stack, arguments.get(arguments.size() - 1));
            return new CommandResult(0, "{}", "");
        }
    }

    /** As the CLI prints it with a wrong passphrase: null, and exit code 0. */
    @Test
    void anOutputThatCannotBeDecryptedIsNotOneThatIsMissing() {
        var engine = engine(Map.of(
                "stack output --json --show-secrets --stack shared", "{\"url\": \"u\", \"token-blue\": null}",
                "stack output --json --stack shared", "{\"url\": \"u\", \"token-blue\": \"[secret]\"}"));
        var refused = assertThrows(EngineException.class, () -> engine.outputs("shared"));
        assertTrue(
                refused.getMessage().contains("token-blue of stack shared can't be decrypted"), refused.getMessage());
    }

    @Test
    void whatCannotBeUnsealedIsNotNothing() {
        var command = "config --json --show-secrets --config-file kept.yaml --stack blue";
        assertEquals(Optional.empty(), engine(Map.of(command, "{}")).unseal("blue", Path.of("kept.yaml"), "a:b"));
        assertEquals(
                Optional.of("x"),
                engine(Map.of(command, "{\"a:b\": {\"value\": \"x\", \"secret\": true}}"))
                        .unseal("blue", Path.of("kept.yaml"), "a:b"));
        var refused =
                assertThrows(EngineException.class, () -> engine(Map.of()).unseal("blue", Path.of("kept.yaml"), "a:b"));
        assertTrue(refused.getMessage().contains("incorrect passphrase"), refused.getMessage());
    }

    private static Engine engine(Map<String, String> answers) {
        return new Engine(new FakePulumi(answers), Path.of(""));
    }
}
