package io.sharedinference.project;

import com.pulumi.exceptions.RunException;
import java.util.List;

/** All problems of a stack in one message. The engine prints a {@link RunException} without its stack trace. */
public final class ConfigException extends RunException {

    ConfigException(String stack, List<Problem> problems) {
        super(message(stack, problems));
    }

    private static String message(String stack, List<Problem> problems) {
        var message = new StringBuilder("stack '" + stack + "' cannot be deployed: "
                + (problems.size() == 1 ? "1 problem" : problems.size() + " problems") + ". Nothing was changed.");
        for (var i = 0; i < problems.size(); i++) {
            message.append("\n\n").append(i + 1).append(". ").append(problems.get(i));
        }
        return message.append('\n').toString();
    }
}
