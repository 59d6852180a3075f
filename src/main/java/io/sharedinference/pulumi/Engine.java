package io.sharedinference.pulumi;

import com.fasterxml.jackson.databind.JsonNode;
import com.pulumi.automation.AutomationException;
import com.pulumi.automation.LocalPulumiCommand;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.events.EngineEvent;
import io.sharedinference.project.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The Pulumi CLI on one project, through the Automation API's command. Not through its workspace: selecting a stack there
 * changes the user's own selection, and reading outputs fails when one is a list, as the tenants are. Thread-safe.
 */
public final class Engine {

    public static final String PROJECT = "shared-inference";

    private final PulumiCli cli;

    public Engine(PulumiCommand pulumi, Path project) {
        this.cli = new PulumiCli(pulumi, project);
    }

    /** @throws EngineException if the folder has no project or there is no {@code pulumi} on PATH */
    public static Engine in(Path project) {
        Path folder = project.toAbsolutePath().normalize();
        requireProject(folder);
        try {
            return new Engine(LocalPulumiCommand.create(), folder);
        } catch (AutomationException e) {
            throw new EngineException(
                    "the pulumi command doesn't work: " + e.getMessage()
                            + ". Install the Pulumi CLI and put it on PATH.",
                    e);
        }
    }

    /** Ends the {@code pulumi} processes that run, in their own way, and waits for them. No other one starts. */
    public void cancel() {
        cli.cancel();
    }

    /** @throws EngineException if the folder has no project */
    public static void requireProject(Path folder) {
        if (!Files.exists(folder.resolve("Pulumi.yaml"))) {
            throw new EngineException(folder + " has no Pulumi.yaml. Name the project's folder with --cwd DIR.");
        }
    }

    /** A stack's configuration as {@code pulumi config --json} prints it: secrets are left out. */
    public JsonNode config(String stack) {
        return cli.json(stack, List.of("config", "--json", "--stack", stack));
    }

    /**
     * A stack's outputs, secret ones in plain text.
     *
     * @throws EngineException also if one can't be decrypted: the CLI prints null for it, and succeeds
     */
    public JsonNode outputs(String stack) {
        var name = ours(stack);
        JsonNode outputs = cli.json(name, List.of("stack", "output", "--json", "--show-secrets", "--stack", name));
        if (outputs.valueStream().anyMatch(JsonNode::isNull)) {
            requireDecrypted(name, outputs);
        }
        return outputs;
    }

    /** @param outputs some of them null */
    private void requireDecrypted(String stack, JsonNode outputs) {
        JsonNode masked = cli.json(stack, List.of("stack", "output", "--json", "--stack", stack));
        outputs.properties().stream()
                .filter(output -> output.getValue().isNull()
                        && !masked.path(output.getKey()).isNull())
                .findFirst()
                .ifPresent(output -> {
                    throw new EngineException("the output " + output.getKey() + " of stack " + stack
                            + " can't be decrypted: wrong passphrase or key.\nFix: set PULUMI_CONFIG_PASSPHRASE, or the key,"
                            + " that the stack was deployed with; then run this again.");
                });
    }

    /** What {@code pulumi preview} prints, with its differences. */
    public String preview(String stack) {
        return cli.succeeded(stack, List.of("preview", "--diff", "--non-interactive", "--stack", stack));
    }

    /** Brings a stack to what its configuration says. @param listener is told each line that the engine prints */
    public void up(String stack, Consumer<String> listener) {
        cli.change(stack, unattended(stack, "up"), listener);
    }

    /** Updates only these resources, none of them in the cluster, before existing objects are imported. */
    public void prepareImport(String stack, List<String> urns, Consumer<String> listener) {
        List<String> command = unattended(stack, "up");
        urns.forEach(urn -> command.addAll(List.of("--target", urn)));
        cli.change(stack, command, Map.of(Workspace.ADOPTING, "true"), listener);
    }

    /** Imports existing objects into the state. @param file in the format of {@code pulumi import} */
    public void importResources(String stack, Path file, Consumer<String> listener) {
        cli.change(
                stack,
                unattended(stack, "import", "--file", file.toString(), "--generate-code=false", "--protect=false"),
                listener);
    }

    /** Removes all that a stack deployed, protected or not. The stack itself stays. */
    public void destroy(String stack, Consumer<String> listener) {
        cli.change(
                stack,
                List.of("state", "unprotect", "--all", "--yes", "--non-interactive", "--stack", stack),
                listener);
        cli.change(stack, unattended(stack, "destroy"), listener);
    }

    /** Has the state tell what is there. @param imported provider's ids of objects whose creation was cut off, by URN */
    public void refresh(String stack, Map<String, String> imported, Consumer<String> listener) {
        List<String> command = unattended(stack, "refresh", "--clear-pending-creates");
        imported.forEach(
                (urn, id) -> command.addAll(List.of("--import-pending-creates", urn, "--import-pending-creates", id)));
        cli.change(stack, command, listener);
    }

    /** A stack's state, secrets encrypted. */
    public JsonNode state(String stack) {
        return cli.json(stack, List.of("stack", "export", "--stack", stack));
    }

    /** All that the backend keeps of a stack, secrets in plain text. */
    public JsonNode stateWithSecrets(String stack) {
        return cli.json(stack, List.of("stack", "export", "--show-secrets", "--stack", ours(stack)));
    }

    /** A stack's configuration, secrets in plain text: only to know what to mask. */
    public JsonNode configWithSecrets(String stack) {
        return cli.json(stack, List.of("config", "--json", "--show-secrets", "--stack", ours(stack)));
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
        return cli.observe(command, environment, events);
    }

    /** The version of the CLI. */
    public String version() {
        return cli.succeeded("", List.of("version")).strip();
    }

    /** Who is logged in to which backend. */
    public JsonNode login() {
        return cli.json("", List.of("whoami", "--json", "--non-interactive"));
    }

    /** The plugins that are installed, each with its name and version. */
    public JsonNode plugins() {
        return cli.json("", List.of("plugin", "ls", "--json"));
    }

    /** Plain names of the project's stacks in the present backend. */
    public Set<String> stacks() {
        Set<String> names = new HashSet<>();
        cli.json("", List.of("stack", "ls", "--json")).forEach(stack -> {
            String name = stack.path("name").asText();
            names.add(name.substring(name.lastIndexOf('/') + 1));
        });
        return names;
    }

    /** @param secretsProvider empty for the backend's default */
    public void init(String stack, Optional<String> secretsProvider) {
        List<String> command = new ArrayList<>(List.of("stack", "init", stack, "--no-select", "--non-interactive"));
        secretsProvider.ifPresent(provider -> command.addAll(List.of("--secrets-provider", provider)));
        cli.succeeded(stack, command);
    }

    /** Removes an empty stack and its file. */
    public void remove(String stack) {
        cli.change(stack, List.of("stack", "rm", stack, "--yes", "--non-interactive"), line -> {});
    }

    /** Removes an empty stack, if it is there, and leaves its file. */
    public void discard(String stack) {
        cli.run(List.of("stack", "rm", stack, "--yes", "--preserve-config", "--non-interactive"), "", line -> {});
    }

    /** Keeps a secret in a file of its own, encrypted as the stack's are. It goes through standard input: arguments are seen by all. */
    public void seal(String stack, Path file, String key, String secret) {
        PulumiCli.Outcome outcome = cli.run(
                List.of("config", "set", "--secret", key, "--config-file", file.toString(), "--stack", stack),
                secret,
                line -> {});
        if (outcome.failure().isPresent()) {
            throw new EngineException(
                    "pulumi couldn't encrypt with the key of stack " + stack + ": " + outcome.errors());
        }
    }

    /** Sets a key in a stack's file, encrypted. @param path as {@code pulumi config set --path} takes it */
    public void encrypt(String stack, String path, String secret) {
        PulumiCli.Outcome outcome = cli.run(
                List.of("config", "set", "--secret", "--path", path, "--stack", stack, "--non-interactive"),
                secret,
                line -> {});
        if (outcome.failure().isPresent()) {
            throw new EngineException("pulumi couldn't encrypt " + path + " of stack " + stack + ": " + outcome.errors()
                    + ".\nFix: correct this, then run the same command again.");
        }
    }

    /** Empty when there is no such key. @throws EngineException if it can't be decrypted */
    public Optional<String> unseal(String stack, Path file, String key) {
        JsonNode config = cli.json(
                stack,
                List.of("config", "--json", "--show-secrets", "--config-file", file.toString(), "--stack", stack));
        return Optional.of(config.path(key).path("value").asText()).filter(text -> !text.isBlank());
    }

    /**
     * A stack of this project by its plain name. Files that name no organization mean the backend's own, which is known to
     * the CLI alone: only backends without organizations call it {@code organization}.
     */
    private static String ours(String stack) {
        return stack.replaceFirst("^organization/" + PROJECT + "/", "");
    }

    /** A command with nobody to ask and nothing to show beside its progress; may be added to. */
    private static List<String> unattended(String stack, String... command) {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(List.of("--yes", "--skip-preview", "--suppress-outputs", "--non-interactive", "--stack", stack));
        return whole;
    }
}
