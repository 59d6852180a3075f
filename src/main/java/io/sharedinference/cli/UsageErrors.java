package io.sharedinference.cli;

import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports usage errors without the arguments: these may be tokens, and CI logs are widely readable. */
final class UsageErrors implements IParameterExceptionHandler {

    private static final Pattern OPTION = Pattern.compile("(-[a-zA-Z]|--[a-z-]{2,20})(=|$)");
    private static final String TOKEN =
            "Tokens cannot be passed as arguments, which all users of this machine can read.";

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        var err = command.getErr();
        if (List.of(arguments).contains(ProjectOptions.JSON)) {
            Tenant.printFailure(command, message(e));
        }
        err.println("tenant: " + message(e));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Fix: see " + help(command) + ".");
        err.flush();
        return ExitCode.ERROR;
    }

    private static String help(CommandLine command) {
        return "./" + command.getCommandSpec().qualifiedName() + " --help";
    }

    private static String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        }
        if (e instanceof MissingParameterException) {
            return String.valueOf(e.getMessage());
        }
        if (e.getArgSpec() == null) {
            return String.valueOf(e.getMessage()).replaceAll(" '.*'", "");
        }
        if (e instanceof OverwrittenOptionException) {
            return name(e) + " is specified more than once";
        }
        return "invalid value for " + name(e) + expected(e);
    }

    private static String unmatched(UnmatchedArgumentException e) {
        var first = e.getUnmatched().get(0);
        if (e.isUnknownOption()) {
            return "unknown option" + (OPTION.matcher(first).lookingAt() ? " " + first.replaceFirst("=.*", "") : "")
                    + ". " + TOKEN;
        }
        return e.getCommandLine().getParent() == null ? "unknown command" : "unexpected argument. " + TOKEN;
    }

    private static String name(ParameterException e) {
        var argument = e.getArgSpec();
        return argument.isOption() ? ((CommandLine.Model.OptionSpec) argument).longestName() : argument.paramLabel();
    }

    private static String expected(ParameterException e) {
        var argument = e.getArgSpec();
        var type = argument.typeInfo().isMultiValue() || argument.typeInfo().isOptional()
                ? argument.auxiliaryTypes()[0]
                : argument.type();
        return Number.class.isAssignableFrom(type) ? ": not a number" : type.isEnum() ? ": not one of its values" : "";
    }
}
