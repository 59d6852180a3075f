package io.sharedinference.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.LocalPulumiCommand;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.StackNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The Pulumi CLI on one project, through the Automation API's command. Not through its workspace: selecting a stack there
 * changes the user's own selection, and reading outputs fails when one is a list, as the tenants are. Thread-safe.
 */
public final class Engine {

    public static final String PROJECT = "shared-inference";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PulumiCommand pulumi;
    private final Path project;

    public Engine(PulumiCommand pulumi, Path project) {
        this.pulumi = pulumi;
        this.project = project;
    }

    /** @throws EngineException if the folder has no project or there is no {@code pulumi} on PATH */
    public static Engine in(Path project) {
        Path folder = project.toAbsolutePath().normalize();
        if (!Files.exists(folder.resolve("Pulumi.yaml"))) {
            throw new EngineException(folder + " has no Pulumi.yaml. Name the project's folder with --cwd DIR.");
        }
        try {
            return new Engine(LocalPulumiCommand.create(), folder);
        } catch (AutomationException e) {
            throw new EngineException(
                    "the pulumi command doesn't work: " + e.getMessage()
                            + ". Install the Pulumi CLI and put it on PATH.",
                    e);
        }
    }

    /** A stack's configuration as {@code pulumi config --json} prints it: secrets are left out. */
    public JsonNode config(String stack) {
        return json(stack, List.of("config", "--json", "--stack", stack));
    }

    /** A stack's outputs, secret ones in plain text. */
    public JsonNode outputs(String stack) {
        return json(stack, List.of("stack", "output", "--json", "--show-secrets", "--stack", stack));
    }

    /** What {@code pulumi up} after a refresh would change, by operation; empty when that can't be found out. */
    public Optional<JsonNode> drift(String stack) {
        Outcome outcome =
                run(List.of("preview", "--refresh", "--json", "--non-interactive", "--stack", stack), Optional.empty());
        return outcome.failure().isPresent()
                ? Optional.empty()
                : Optional.of(parse(stack, outcome.output()).path("changeSummary"));
    }

    private JsonNode json(String stack, List<String> command) {
        return parse(stack, succeeded(stack, command));
    }

    private static JsonNode parse(String stack, String output) {
        try {
            return JSON.readTree(output);
        } catch (JsonProcessingException e) {
            // without the cause: it quotes what it couldn't read, and that may be a token
            throw new EngineException("pulumi answered no JSON for stack " + stack
                    + ". Look whether another pulumi is on PATH than the official one.");
        }
    }

    private String succeeded(String stack, List<String> command) {
        Outcome outcome = run(command, Optional.empty());
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
                "reading stack " + stack + " failed: " + outcome.errors() + ". Look whether pulumi "
                        + String.join(" ", command).replace(" --show-secrets", "")
                        + " works: backend, login, passphrase.",
                outcome.failure().get());
    }

    /** @param errors what came on standard error, on one line */
    private record Outcome(String output, String errors, Optional<AutomationException> failure) {}

    private Outcome run(List<String> command, Optional<Consumer<String>> listener) {
        List<String> said = new ArrayList<>();
        CommandRunOptions.Builder options = CommandRunOptions.builder()
                .workingDir(project)
                .onStandardError(line -> {
                    synchronized (said) {
                        said.add(line.strip());
                    }
                });
        listener.ifPresent(options::onStandardOutput);
        try {
            return new Outcome(pulumi.run(command, options.build()).standardOutput(), "", Optional.empty());
        } catch (AutomationException e) {
            return new Outcome("", String.join(" ", said), Optional.of(e));
        }
    }
}
