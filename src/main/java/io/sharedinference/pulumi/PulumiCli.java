package io.sharedinference.pulumi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.StackNotFoundException;
import com.pulumi.automation.events.EngineEvent;
import io.sharedinference.concurrency.Poll;
import io.sharedinference.project.StackFiles;
import io.sharedinference.project.StackName;
import io.sharedinference.project.Workspace;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs commands of the Pulumi CLI on one project and parses their output. Thread-safe. */
final class PulumiCli {

    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PulumiCommand pulumi;
    private final Path project;
    private final Cancellation cancellation = new Cancellation();

    PulumiCli(PulumiCommand pulumi, Path project) {
        this.pulumi = pulumi;
        this.project = project;
    }

    StackName name(String stack) {
        return StackFiles.in(project).name(stack);
    }

    void cancel() {
        cancellation.run();
    }

    /** See {@link Engine#observe}. */
    Optional<String> observe(List<String> command, Map<String, String> environment, Consumer<EngineEvent> events) {
        var errors = new StringWriter();
        var settings = new HashMap<>(environment);
        settings.putAll(projectEnvironment());
        var options = CommandRunOptions.builder()
                .workingDir(project)
                .additionalEnv(settings)
                .onStandardOutput(cancellation::onOutput)
                .onStandardError(line -> errors.append(line).append('\n'))
                .onEngineEvent(events)
                .build();
        cancellation.throwIfCancelled();
        try {
            pulumi.run(command, options);
            return Optional.empty();
        } catch (AutomationException e) {
            return Optional.of(errors.toString());
        }
    }

    /** Runs a command that changes a stack: waits for a concurrent update, and removes the lock of an exited process. */
    void update(String stack, List<String> command, Consumer<String> listener) {
        update(stack, command, Map.of(), listener);
    }

    /** @param environment variables in addition to those of this process */
    void update(String stack, List<String> command, Map<String, String> environment, Consumer<String> listener) {
        Poll.within(LOCK_TIMEOUT, INTERVAL)
                .await(
                        () -> locked(stack, command, environment, listener),
                        locked -> waitFor(locked.lock(), stack, listener),
                        locked -> failure(stack, command, locked.result()));
    }

    private record Locked(Result result, Lock lock) {}

    /** Runs a command; empty if it succeeded. Any other failure than a local lock is an {@link EngineException}. */
    private Optional<Locked> locked(
            String stack, List<String> command, Map<String, String> environment, Consumer<String> listener) {
        Result result = run(command, "", environment, listener);
        if (result.failure().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Lock.in(result.errors())
                .filter(Lock::isLocal)
                .map(lock -> new Locked(result, lock))
                .orElseThrow(() -> failure(stack, command, result)));
    }

    private void waitFor(Lock lock, String stack, Consumer<String> listener) {
        if (lock.isStale()) {
            output(stack, List.of("cancel", stack, "--yes", "--non-interactive"));
        } else {
            listener.accept("waiting for the lock " + lock.holder());
        }
    }

    JsonNode json(String stack, List<String> command) {
        return parse(stack, output(stack, command));
    }

    static JsonNode parse(String stack, String output) {
        try {
            return JSON.readTree(output);
        } catch (JsonProcessingException e) {
            // without the cause, which quotes the output: it may contain a token
            throw new EngineException(
                    "pulumi printed no JSON for stack " + stack + ".\nFix: put the official pulumi on PATH.");
        }
    }

    String output(String stack, List<String> command) {
        Result result = run(command, "", line -> {});
        if (result.failure().isPresent()) {
            throw failure(stack, command, result);
        }
        return result.output();
    }

    private EngineException failure(String stack, List<String> command, Result result) {
        if (result.failure().orElseThrow() instanceof StackNotFoundException) {
            return new EngineException(
                    "stack " + stack + " of " + project
                            + " not found in the current backend.\nFix: list the stacks with"
                            + " pulumi stack ls, or select the backend with pulumi login.",
                    result.failure().get());
        }
        return new EngineException(
                "pulumi " + command.get(0) + (stack.isEmpty() ? "" : " of stack " + stack) + " failed: "
                        + result.errors() + "\n"
                        + diskState(stack, result)
                                .orElse("Fix: check backend, login, passphrase and cluster with pulumi "
                                        + String.join(" ", command).replace(" --show-secrets", "") + "."),
                result.failure().get());
    }

    /** The state file of a local backend, if the disk is or was full. */
    private Optional<String> diskState(String stack, Result result) {
        if (!StateFile.mayExplain(result.errors())) {
            return Optional.empty();
        }
        Result whoami = run(List.of("whoami", "--json", "--verbose"), "", line -> {});
        return whoami.failure().isPresent()
                ? Optional.empty()
                : StateFile.of(parse(stack, whoami.output()).path("url").asText(), project, name(stack))
                        .map(StateFile::describe);
    }

    /** Overrides the project directory in the environment of this process. */
    private Map<String, String> projectEnvironment() {
        return Map.of(Workspace.PROJECT_DIRECTORY, project.toString());
    }

    /** @param errors the error messages, on one line */
    record Result(String output, String errors, Optional<AutomationException> failure) {}

    Result run(List<String> command, String input, Consumer<String> listener) {
        return run(command, input, Map.of(), listener);
    }

    private Result run(List<String> command, String input, Map<String, String> environment, Consumer<String> listener) {
        var failure = new FailureLines();
        var settings = new HashMap<>(environment);
        settings.putAll(projectEnvironment());
        CommandRunOptions.Builder options = CommandRunOptions.builder()
                .workingDir(project)
                .additionalEnv(settings)
                .onStandardError(failure::error)
                .onStandardOutput(line -> {
                    failure.output(line);
                    cancellation.onOutput(line);
                    listener.accept(line.strip());
                });
        if (!input.isEmpty()) {
            options.standardInput(input);
        }
        cancellation.throwIfCancelled();
        try {
            return new Result(pulumi.run(command, options.build()).standardOutput(), "", Optional.empty());
        } catch (AutomationException e) {
            return new Result("", failure.text(), Optional.of(e));
        }
    }
}
