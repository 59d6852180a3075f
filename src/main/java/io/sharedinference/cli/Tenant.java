package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.cluster.ClusterException;
import io.sharedinference.config.ConfigException;
import io.sharedinference.engine.EngineException;
import io.sharedinference.github.GitHubException;
import io.sharedinference.lifecycle.LifecycleException;
import io.sharedinference.stackfile.StackFileException;
import io.sharedinference.verify.VerificationException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** The command line for tenants. */
@Command(
        name = "tenant",
        description = "Looks after the tenants of a shared inference.",
        subcommands = {
            AddCommand.class,
            AdoptCommand.class,
            RemoveCommand.class,
            RotateCommand.class,
            ListCommand.class,
            CheckCommand.class,
            VerifyCommand.class,
            RenderCommand.class,
            PreviewCommand.class,
            AffectedCommand.class,
            CommentCommand.class,
            CompletionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", Exit.TEXT})
public final class Tenant {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Tells how to use this.")
    private boolean help;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Tenant() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var command = new CommandLine(new Tenant());
        var usage = command.getParameterExceptionHandler();
        return command.setParameterExceptionHandler((e, arguments) -> {
                    if (List.of(arguments).contains(ProjectOptions.JSON)) {
                        print(e.getCommandLine(), JSON.createObjectNode(), e.getMessage());
                    }
                    return usage.handleParseException(e, arguments);
                })
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        Terminal.of(System.getenv()).colours() ? Ansi.ON : Ansi.OFF))
                .setExecutionExceptionHandler(Tenant::explain);
    }

    // the one place where an exception becomes an exit code
    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof StepFailure step) {
            return explain(step.failure(), command, step.report());
        }
        return explain(e, command, JSON.createObjectNode());
    }

    private static int explain(Exception e, CommandLine command, ObjectNode report) {
        boolean expected = e instanceof CommandException
                || e instanceof ConfigException
                || e instanceof LifecycleException
                || e instanceof StackFileException
                || e instanceof EngineException
                || e instanceof ClusterException
                || e instanceof GitHubException
                || e instanceof VerificationException;
        String message = expected ? e.getMessage() : "unexpected: " + e;
        if (command.getParseResult().hasMatchedOption(ProjectOptions.JSON)) {
            print(command, report, message);
        }
        command.getErr().println("tenant: " + message);
        command.getErr().flush();
        return Exit.NOT_CARRIED_OUT;
    }

    private static void print(CommandLine command, ObjectNode report, String error) {
        command.getOut().println(report.put("done", false).put("error", error).toPrettyString());
        command.getOut().flush();
    }
}
