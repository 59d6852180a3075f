package io.sharedinference.cli;

import io.sharedinference.cluster.ClusterException;
import io.sharedinference.cluster.EnvironmentProxies;
import io.sharedinference.config.ConfigException;
import io.sharedinference.engine.EngineException;
import io.sharedinference.github.GitHubException;
import io.sharedinference.lifecycle.LifecycleException;
import io.sharedinference.stackfile.StackFileException;
import io.sharedinference.verify.VerificationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/**
 * The command line for tenants. Exit codes: 0 done, 1 a check failed, 2 the command couldn't be carried out as given.
 */
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
        footer = {"", "Exit codes: 0 done, 1 a check failed, 2 the command couldn't be carried out."})
public final class Tenant {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Tells how to use this.")
    private boolean help;

    private Tenant() {}

    public static void main(String[] arguments) {
        EnvironmentProxies.install(System.getenv());
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Tenant())
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        Terminal.of(System.getenv()).colours() ? Ansi.ON : Ansi.OFF))
                .setExecutionExceptionHandler(Tenant::explain);
    }

    /** A failure with those that followed from it, the first one first. */
    static String text(Throwable failure) {
        return Stream.concat(
                        Stream.of(String.valueOf(failure.getMessage())),
                        Stream.of(failure.getSuppressed()).map(later -> "Then this failed as well: " + text(later)))
                .collect(Collectors.joining("\n"));
    }

    // the one place where an exception becomes an exit code
    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        boolean expected = e instanceof CommandException
                || e instanceof ConfigException
                || e instanceof LifecycleException
                || e instanceof StackFileException
                || e instanceof EngineException
                || e instanceof ClusterException
                || e instanceof GitHubException
                || e instanceof VerificationException;
        command.getErr().println("tenant: " + (expected ? text(e) : "unexpected: " + e));
        command.getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }
}
