package io.sharedinference.lifecycle;

import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import java.util.List;

/** For what touches files alone. */
record NoPulumi() implements PulumiCommand {

    @Override
    public Version version() {
        return Version.of(3, 223);
    }

    @Override
    public CommandResult run(List<String> arguments, CommandRunOptions options) {
        throw new AssertionError("no command should run: " + arguments);
    }
}
