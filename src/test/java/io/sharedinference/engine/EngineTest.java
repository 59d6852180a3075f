package io.sharedinference.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import java.nio.file.Path;
import java.util.List;
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
}
