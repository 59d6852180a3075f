package io.sharedinference.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.LocalPulumiCommand;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.StackNotFoundException;
import com.pulumi.automation.events.EngineEvent;
import io.sharedinference.config.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The Pulumi CLI on one project, through the Automation API's command. Not through its workspace: selecting a stack there
 * changes the user's own selection, and reading outputs fails when one is a list, as the tenants are. Thread-safe.
 */
public final class Engine {

    public static final String PROJECT = "shared-inference";

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Pattern ERROR = Pattern.compile("(?i)\\berror\\b|^ {2,}\\S");
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
                run(List.of("preview", "--refresh", "--json", "--non-interactive", "--stack", stack), "", line -> {});
        return outcome.failure().isPresent()
                ? Optional.empty()
                : Optional.of(parse(stack, outcome.output()).path("changeSummary"));
    }

    /** What {@code pulumi preview} prints, with its differences. */
    public String preview(String stack) {
        return succeeded(stack, List.of("preview", "--diff", "--non-interactive", "--stack", stack));
    }

    /** Brings a stack to what its configuration says. @param listener is told each line that the engine prints */
    public void up(String stack, Consumer<String> listener) {
        change(stack, unattended(stack, "up"), listener);
    }

    /** An up of these resources alone. */
    public void upOnly(String stack, List<String> urns, Consumer<String> listener) {
        List<String> command = unattended(stack, "up");
        urns.forEach(urn -> command.addAll(List.of("--target", urn)));
        change(stack, command, listener);
    }

    /** Takes objects that are in the cluster into the state. @param file as {@code pulumi import} reads it */
    public void adopt(String stack, Path file, Consumer<String> listener) {
        change(
                stack,
                unattended(stack, "import", "--file", file.toString(), "--generate-code=false", "--protect=false"),
                listener);
    }

    /** Removes all that a stack deployed, protected or not. The stack itself stays. */
    public void destroy(String stack, Consumer<String> listener) {
        change(stack, List.of("state", "unprotect", "--all", "--yes", "--non-interactive", "--stack", stack), listener);
        change(stack, unattended(stack, "destroy"), listener);
    }

    /** Has the state tell what is there. @param imported provider's ids of objects whose creation was cut off, by URN */
    public void refresh(String stack, Map<String, String> imported, Consumer<String> listener) {
        List<String> command = unattended(stack, "refresh", "--clear-pending-creates");
        imported.forEach(
                (urn, id) -> command.addAll(List.of("--import-pending-creates", urn, "--import-pending-creates", id)));
        change(stack, command, listener);
    }

    /** A stack's state, secrets encrypted. */
    public JsonNode state(String stack) {
        return json(stack, List.of("stack", "export", "--stack", stack));
    }

    /** All that the backend keeps of a stack, secrets in plain text. */
    public JsonNode stateWithSecrets(String stack) {
        return json(stack, List.of("stack", "export", "--show-secrets", "--stack", stack));
    }

    /** A stack's configuration, secrets in plain text: only to know what to mask. */
    public JsonNode configWithSecrets(String stack) {
        return json(stack, List.of("config", "--json", "--show-secrets", "--stack", stack));
    }

    /**
     * Runs a command whose events are what counts.
     *
     * @param environment beside the process's own
     * @param events      gets each as it comes, and none after this has returned
     * @return what it said on standard error, when it failed
     */
    public Optional<String> observe(
            List<String> command, Map<String, String> environment, Consumer<EngineEvent> events) {
        var said = new StringBuffer();
        var settings = new HashMap<>(environment);
        settings.putAll(here());
        var options = CommandRunOptions.builder()
                .workingDir(project)
                .additionalEnv(settings)
                .onStandardError(line -> said.append(line).append('\n'))
                .onEngineEvent(events)
                .build();
        try {
            pulumi.run(command, options);
            return Optional.empty();
        } catch (AutomationException e) {
            return Optional.of(said.toString());
        }
    }

    /** Plain names of the project's stacks in the present backend. */
    public Set<String> stacks() {
        Set<String> names = new HashSet<>();
        json("", List.of("stack", "ls", "--json")).forEach(stack -> {
            String name = stack.path("name").asText();
            names.add(name.substring(name.lastIndexOf('/') + 1));
        });
        return names;
    }

    /** @param secretsProvider empty for the backend's default */
    public void init(String stack, Optional<String> secretsProvider) {
        List<String> command = new ArrayList<>(List.of("stack", "init", stack, "--no-select", "--non-interactive"));
        secretsProvider.ifPresent(provider -> command.addAll(List.of("--secrets-provider", provider)));
        succeeded(stack, command);
    }

    /** Removes an empty stack and its file. */
    public void remove(String stack) {
        change(stack, List.of("stack", "rm", stack, "--yes", "--non-interactive"), line -> {});
    }

    /** Removes an empty stack, if it is there, and leaves its file. */
    public void discard(String stack) {
        run(List.of("stack", "rm", stack, "--yes", "--preserve-config", "--non-interactive"), "", line -> {});
    }

    /** Sets plain values in a stack's file, by path. */
    public void configure(String stack, Map<String, String> values) {
        List<String> command = new ArrayList<>(List.of("config", "set-all", "--path", "--stack", stack));
        values.forEach((path, value) -> command.addAll(List.of("--plaintext", PROJECT + ":" + path + "=" + value)));
        succeeded(stack, command);
    }

    public void unset(String stack, String path) {
        succeeded(stack, List.of("config", "rm", "--path", PROJECT + ":" + path, "--stack", stack));
    }

    /** Keeps a secret in a file of its own, encrypted as the stack's are. It goes through standard input: arguments are seen by all. */
    public void seal(String stack, Path file, String key, String secret) {
        Outcome outcome = run(
                List.of("config", "set", "--secret", key, "--config-file", file.toString(), "--stack", stack),
                secret,
                line -> {});
        if (outcome.failure().isPresent()) {
            throw new EngineException(
                    "pulumi couldn't encrypt with the key of stack " + stack + ": " + outcome.errors());
        }
    }

    /** Empty when there is no such key. */
    public Optional<String> unseal(String stack, Path file, String key) {
        Outcome outcome =
                run(List.of("config", "get", key, "--config-file", file.toString(), "--stack", stack), "", line -> {});
        return Optional.of(outcome.output().strip())
                .filter(text -> outcome.failure().isEmpty() && !text.isEmpty());
    }

    /** A command with nobody to ask and nothing to show beside its progress; may be added to. */
    private static List<String> unattended(String stack, String... command) {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(List.of("--yes", "--skip-preview", "--suppress-outputs", "--non-interactive", "--stack", stack));
        return whole;
    }

    /** Waits for another operation that is at this stack, and takes away the lock of one that was killed. */
    private void change(String stack, List<String> command, Consumer<String> listener) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Outcome outcome = run(command, "", listener);
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
                        + " works: backend, login, passphrase, cluster.",
                outcome.failure().get());
    }

    /** For the program, which would take a folder from this process's environment otherwise. */
    private Map<String, String> here() {
        return Map.of(Surroundings.PROJECT_FOLDER, project.toString());
    }

    /** @param errors what came on standard error, on one line */
    private record Outcome(String output, String errors, Optional<AutomationException> failure) {}

    private Outcome run(List<String> command, String input, Consumer<String> listener) {
        List<String> said = new ArrayList<>();
        CommandRunOptions.Builder options = CommandRunOptions.builder()
                .workingDir(project)
                .additionalEnv(here())
                .onStandardError(line -> {
                    synchronized (said) {
                        said.add(line.strip());
                    }
                })
                .onStandardOutput(line -> {
                    synchronized (said) {
                        if (ERROR.matcher(line).find()) {
                            said.add(line.strip());
                        }
                    }
                    listener.accept(line.strip());
                });
        if (!input.isEmpty()) {
            options.standardInput(input);
        }
        try {
            return new Outcome(pulumi.run(command, options.build()).standardOutput(), "", Optional.empty());
        } catch (AutomationException e) {
            return new Outcome("", String.join(" ", said), Optional.of(e));
        }
    }
}
