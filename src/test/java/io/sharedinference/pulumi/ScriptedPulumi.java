package io.sharedinference.pulumi;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandException;
import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers commands by how they begin; any other one fails the test. */
public record ScriptedPulumi(Map<String, Answer> answers) implements PulumiCommand {

    public record Answer(int code, String output, String errors) {

        public static Answer of(String output) {
            return new Answer(0, output, "");
        }
    }

    @Override
    public Version version() {
        return Version.of(3, 223);
    }

    @Override
    public CommandResult run(List<String> arguments, CommandRunOptions options) throws AutomationException {
        var command = String.join(" ", arguments);
        var answer = answers.entrySet().stream()
                .filter(entry -> command.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no command should run: " + command));
        Optional.ofNullable(options.onStandardOutput())
                .ifPresent(listener -> answer.output().lines().forEach(listener));
        Optional.ofNullable(options.onStandardError())
                .ifPresent(listener -> answer.errors().lines().forEach(listener));
        var result = new CommandResult(answer.code(), answer.output(), answer.errors());
        if (answer.code() != 0) {
            throw new CommandException(result);
        }
        return result;
    }
}
