package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.concurrency.InterruptedWaitException;
import io.sharedinference.image.ImageException;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.kubernetes.EnvironmentProxySelector;
import io.sharedinference.project.ConfigException;
import io.sharedinference.pulumi.EngineException;
import io.sharedinference.review.GitHubException;
import io.sharedinference.tenants.LifecycleException;
import io.sharedinference.usage.UsageException;
import io.sharedinference.verify.VerificationException;
import io.sharedinference.yaml.StackFileException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;

/** The command-line interface {@code ./tenant}. */
@Command(
        name = "tenant",
        description = "Manage the tenants of a shared inference installation",
        versionProvider = BuildVersion.class,
        subcommands = {
            AddCommand.class,
            AdoptCommand.class,
            RotateCommand.class,
            RemoveCommand.class,
            ListCommand.class,
            VerifyCommand.class,
            UsageCommand.class,
            RepairCommand.class,
            DoctorCommand.class,
            CheckCommand.class,
            RenderCommand.class,
            PreviewCommand.class,
            AffectedCommand.class,
            CommentCommand.class,
            PushImageCommand.class,
            CompletionCommand.class,
            CompleteCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", ExitCode.TEXT})
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

    private static final ObjectMapper JSON = new ObjectMapper();

    private Tenant() {}

    public static void main(String[] arguments) {
        EnvironmentProxySelector.install(System.getenv());
        var interrupts = new InterruptHandler();
        CommandLine command = commandLine(interrupts);
        Runnable uninstall = interrupts.install(arguments, command.getErr(), Terminal.current());
        int code = command.execute(arguments);
        uninstall.run();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return commandLine(new InterruptHandler());
    }

    private static CommandLine commandLine(InterruptHandler interrupts) {
        var command = new CommandLine(new Tenant(), new OptionsFactory(interrupts));
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new CommandGroups());
        return command.setOut(interrupts.blocking(command.getOut()))
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(new UsageErrors())
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(Terminal.current().colours() ? Ansi.ON : Ansi.OFF))
                .setExecutionExceptionHandler((e, failed, parsed) -> {
                    interrupts.blockIfInterrupted();
                    return explain(e, failed);
                });
    }

    /** Creates options that share the interrupt handler. */
    private record OptionsFactory(InterruptHandler interrupts) implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == ProjectOptions.class
                    ? type.cast(new ProjectOptions(interrupts))
                    : CommandLine.defaultFactory().create(type);
        }
    }

    /** The message of a failure, followed by its suppressed failures. */
    static String text(Throwable failure) {
        return Stream.concat(
                        Stream.of(String.valueOf(failure.getMessage())),
                        Stream.of(failure.getSuppressed()).map(later -> "Then this failed too: " + text(later)))
                .collect(Collectors.joining("\n"));
    }

    // the only place that maps exceptions to exit codes
    private static int explain(Exception e, CommandLine command) {
        if (e instanceof StepException step) {
            return explain(step.failure(), command, step.report());
        }
        return explain(e, command, JSON.createObjectNode());
    }

    private static int explain(Exception e, CommandLine command, ObjectNode report) {
        String message = message(e);
        if (command.getParseResult().hasMatchedOption(ProjectOptions.JSON)) {
            print(command, report, message);
        }
        command.getErr().println("tenant: " + message);
        command.getErr().flush();
        return ExitCode.ERROR;
    }

    /** What is shown of a failure. */
    static String message(Exception e) {
        if (e instanceof StepException step) {
            return message(step.failure());
        }
        boolean expected = e instanceof CommandException
                || e instanceof ConfigException
                || e instanceof ImageException
                || e instanceof LifecycleException
                || e instanceof InterruptedWaitException
                || e instanceof StackFileException
                || e instanceof EngineException
                || e instanceof ClusterException
                || e instanceof GitHubException
                || e instanceof VerificationException
                || e instanceof UsageException;
        return expected ? text(e) : "unexpected error: " + e;
    }

    /** Prints the JSON object of a failed command. */
    static void printFailure(CommandLine command, String error) {
        print(command, JSON.createObjectNode(), error);
    }

    private static void print(CommandLine command, ObjectNode report, String error) {
        command.getOut().println(report.put("done", false).put("error", error).toPrettyString());
        command.getOut().flush();
    }
}
