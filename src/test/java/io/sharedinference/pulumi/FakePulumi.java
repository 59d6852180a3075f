package io.sharedinference.pulumi;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandException;
import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A Pulumi CLI with scripted answers, by command line. */
public record FakePulumi(Function<String, Answer> script) implements PulumiCommand {

    /** What one command prints, and its exit code. */
    public record Answer(int code, String output, String errors) {

        public static Answer of(String output) {
            return new Answer(0, output, "");
        }
    }

    /** Answers commands by prefix, and fails all others as the CLI does with a wrong passphrase. */
    public static FakePulumi answering(Map<String, String> answers) {
        return new FakePulumi(command ->
                find(answers, command).map(Answer::of).orElse(new Answer(255, "", "error: incorrect passphrase")));
    }

    /** Answers commands by prefix; any other command fails the test. */
    public static FakePulumi scripted(Map<String, Answer> answers) {
        return new FakePulumi(command ->
                find(answers, command).orElseThrow(() -> new AssertionError("unexpected command: " + command)));
    }

    private static <T> Optional<T> find(Map<String, T> answers, String command) {
        return answers.entrySet().stream()
                .filter(entry -> command.startsWith(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue);
    }

    @Override
    public Version version() {
        return Version.of(3, 223);
    }

    @Override
    public CommandResult run(List<String> arguments, CommandRunOptions options) throws AutomationException {
        var answer = script.apply(String.join(" ", arguments));
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
