package io.sharedinference.pulumi;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import java.util.List;
import java.util.Map;

/** Answers the commands that it knows and fails like the CLI at all others. */
public record FakePulumi(Map<String, String> answers) implements PulumiCommand {

    @Override
    public Version version() {
        return Version.of(3, 223);
    }

    @Override
    public CommandResult run(List<String> arguments, CommandRunOptions options) throws AutomationException {
        String command = String.join(" ", arguments);
        if (!answers.containsKey(command)) {
            options.onStandardError().accept("error: incorrect passphrase");
            throw new AutomationException("code: 255");
        }
        return new CommandResult(0, answers.get(command), "");
    }
}
