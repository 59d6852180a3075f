package io.sharedinference.pulumi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.StackNotFoundException;
import com.pulumi.automation.events.EngineEvent;
import io.sharedinference.project.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs commands of the Pulumi CLI on one project, and reads what they answer. Thread-safe. */
final class PulumiCli {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PulumiCommand pulumi;
    private final Path project;
    private final Cancellation cancellation = new Cancellation();

    PulumiCli(PulumiCommand pulumi, Path project) {
        this.pulumi = pulumi;
        this.project = project;
    }

    void cancel() {
        cancellation.run();
    }

    /** As {@link Engine#observe}. */
    Optional<String> observe(List<String> command, Map<String, String> environment, Consumer<EngineEvent> events) {
        var said = new StringBuffer();
        var settings = new HashMap<>(environment);
        settings.putAll(here());
        var options = CommandRunOptions.builder()
                .workingDir(project)
                .additionalEnv(settings)
                .onStandardOutput(cancellation::heard)
                .onStandardError(line -> said.append(line).append('\n'))
                .onEngineEvent(events)
                .build();
        cancellation.check();
        try {
            pulumi.run(command, options);
            return Optional.empty();
        } catch (AutomationException e) {
            return Optional.of(said.toString());
        }
    }

    /** Waits for another operation that is at this stack, and takes away the lock of one that was killed. */
    void change(String stack, List<String> command, Consumer<String> listener) {
        change(stack, command, Map.of(), listener);
    }

    /** @param environment beside the process's own */
    void change(String stack, List<String> command, Map<String, String> environment, Consumer<String> listener) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Outcome outcome = run(command, "", environment, listener);
            if (outcome.failure().isEmpty()) {
                return;
            }
            Optional<Lock> lock = Lock.in(outcome.errors());
            if (lock.isEmpty() || !lock.get().ofThisMachine() || System.nanoTime() > deadline) {
                throw failure(stack, command, outcome);
            }
            if (lock.get().abandoned()) {
                succeeded(stack, List.of("cancel", stack, "--yes", "--non-interactive"));
            } else {
                listener.accept("waiting for " + lock.get().holder());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted while waiting for another operation");
        }
    }

    JsonNode json(String stack, List<String> command) {
        return parse(stack, succeeded(stack, command));
    }

    static JsonNode parse(String stack, String output) {
        try {
            return JSON.readTree(output);
        } catch (JsonProcessingException e) {
            // without the cause: it quotes what it couldn't read, and that may be a token
            throw new EngineException("pulumi answered no JSON for stack " + stack
                    + ". Look whether another pulumi is on PATH than the official one.");
        }
    }

    String succeeded(String stack, List<String> command) {
        Outcome outcome = run(command, "", line -> {});
        if (outcome.failure().isPresent()) {
            throw failure(stack, command, outcome);
        }
        return outcome.output();
    }

    private EngineException failure(String stack, List<String> command, Outcome outcome) {
        if (outcome.failure().orElseThrow() instanceof StackNotFoundException) {
            return new EngineException(
                    "there is no stack " + stack + " in " + project + " with the present backend."
                            + " pulumi stack ls lists those there are; pulumi login changes the backend.",
                    outcome.failure().get());
        }
        return new EngineException(
                "pulumi " + command.get(0) + " of stack " + stack + " failed: " + outcome.errors()
                        + ". Look whether pulumi " + String.join(" ", command).replace(" --show-secrets", "")
                        + " works: backend, login, passphrase, cluster." + storage(stack, outcome),
                outcome.failure().get());
    }

    /** What became of the state where the disk is full; of a backend on this machine alone. */
    private String storage(String stack, Outcome outcome) {
        if (!StateFile.isConcerned(outcome.errors())) {
            return "";
        }
        Outcome whoami = run(List.of("whoami", "--json", "--verbose"), "", line -> {});
        return whoami.failure().isPresent()
                ? ""
                : StateFile.of(parse(stack, whoami.output()).path("url").asText(), project, stack)
                        .map(state -> "\n" + state.describe())
                        .orElse("");
    }

    /** For the program, which would take a folder from this process's environment otherwise. */
    private Map<String, String> here() {
        return Map.of(Workspace.PROJECT_DIRECTORY, project.toString());
    }

    /** @param errors what came on standard error, on one line */
    record Outcome(String output, String errors, Optional<AutomationException> failure) {}

    Outcome run(List<String> command, String input, Consumer<String> listener) {
        return run(command, input, Map.of(), listener);
    }

    private Outcome run(
            List<String> command, String input, Map<String, String> environment, Consumer<String> listener) {
        var failure = new FailureLines();
        var settings = new HashMap<>(environment);
        settings.putAll(here());
        CommandRunOptions.Builder options = CommandRunOptions.builder()
                .workingDir(project)
                .additionalEnv(settings)
                .onStandardError(failure::error)
                .onStandardOutput(line -> {
                    failure.output(line);
                    cancellation.heard(line);
                    listener.accept(line.strip());
                });
        if (!input.isEmpty()) {
            options.standardInput(input);
        }
        cancellation.check();
        try {
            return new Outcome(pulumi.run(command, options.build()).standardOutput(), "", Optional.empty());
        } catch (AutomationException e) {
            return new Outcome("", failure.text(), Optional.of(e));
        }
    }
}
