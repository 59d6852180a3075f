package io.sharedinference.pulumi;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandException;
import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The real CLI with a separate backend; tests that need it are skipped if it is not installed. */
public record RealPulumi(Path program, Path backend) implements PulumiCommand {

    public static RealPulumi with(Path backend) {
        return new RealPulumi(Tool.required("pulumi"), backend);
    }

    @Override
    public Version version() {
        return Version.of(3, 223);
    }

    @Override
    public CommandResult run(List<String> arguments, CommandRunOptions options) throws AutomationException {
        try {
            var input = Files.writeString(
                    Files.createTempFile("input", ".txt"),
                    options.standardInput() == null ? "" : options.standardInput());
            var command = new ArrayList<>(List.of(program.toString()));
            command.addAll(arguments);
            var builder = new ProcessBuilder(command)
                    .directory(options.workingDir().toFile())
                    .redirectInput(input.toFile());
            builder.environment().putAll(options.additionalEnv());
            builder.environment().put("PULUMI_BACKEND_URL", "file://" + backend);
            builder.environment().put("PULUMI_CONFIG_PASSPHRASE", "for-tests-only");
            builder.environment().put("PULUMI_SKIP_UPDATE_CHECK", "true");
            var errors = Files.createTempFile("errors", ".txt");
            var process = builder.redirectError(errors.toFile()).start();
            var output = new String(process.getInputStream().readAllBytes());
            int code = process.waitFor();
            forward(output, options.onStandardOutput());
            forward(Files.readString(errors), options.onStandardError());
            Files.delete(input);
            var result = new CommandResult(code, output, Files.readString(errors));
            Files.delete(errors);
            if (code != 0) {
                throw new CommandException(result);
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AutomationException(e);
        }
    }

    private static void forward(String text, Consumer<String> listener) {
        if (listener != null) {
            text.lines().forEach(listener);
        }
    }
}
