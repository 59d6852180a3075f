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
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;

/**
 * The command line for tenants. Exit codes: 0 done, 1 a check failed, 2 the command couldn't be carried out as given.
 */
@Command(
        name = "tenant",
        description = "Manage the tenants of a shared inference installation",
        versionProvider = Build.class,
        subcommands = {
            AddCommand.class,
            AdoptCommand.class,
            RotateCommand.class,
            RemoveCommand.class,
            ListCommand.class,
            VerifyCommand.class,
            DoctorCommand.class,
            CheckCommand.class,
            RenderCommand.class,
            PreviewCommand.class,
            AffectedCommand.class,
            CommentCommand.class,
            CompletionCommand.class,
            CompleteCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 done, 1 a check failed, 2 the command couldn't be carried out."})
public final class Tenant {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version")
    private boolean version;

    private Tenant() {}

    public static void main(String[] arguments) {
        EnvironmentProxies.install(System.getenv());
        var interruption = new Interruption();
        CommandLine command = commandLine(interruption);
        Runnable unwatch = interruption.watch(arguments, command.getErr(), Terminal.of(System.getenv()));
        int code = command.execute(arguments);
        unwatch.run();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return commandLine(new Interruption());
    }

    private static CommandLine commandLine(Interruption interruption) {
        var command = new CommandLine(new Tenant(), new Parts(interruption));
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new CommandGroups());
        return command.setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(new Misuse())
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        Terminal.of(System.getenv()).colours() ? Ansi.ON : Ansi.OFF))
                .setExecutionExceptionHandler((e, failed, parsed) -> {
                    interruption.awaitEnd();
                    return explain(e, failed);
                });
    }

    /** Makes the parts of commands. */
    private record Parts(Interruption interruption) implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == ProjectOptions.class
                    ? type.cast(new ProjectOptions(interruption))
                    : CommandLine.defaultFactory().create(type);
        }
    }

    /** A failure with those that followed from it, the first one first. */
    static String text(Throwable failure) {
        return Stream.concat(
                        Stream.of(String.valueOf(failure.getMessage())),
                        Stream.of(failure.getSuppressed()).map(later -> "Then this failed as well: " + text(later)))
                .collect(Collectors.joining("\n"));
    }

    // the one place where an exception becomes an exit code
    private static int explain(Exception e, CommandLine command) {
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
