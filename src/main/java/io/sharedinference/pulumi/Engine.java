package io.sharedinference.pulumi;

import com.fasterxml.jackson.databind.JsonNode;
import com.pulumi.automation.AutomationException;
import com.pulumi.automation.LocalPulumiCommand;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.events.EngineEvent;
import io.sharedinference.project.StackName;
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
 * Runs the Pulumi CLI on one project with the Automation API's {@code PulumiCommand}. Its workspace is not used: it changes
 * the user's selected stack, and cannot read outputs that are lists. Thread-safe.
 */
public final class Engine {

    private final PulumiCli cli;

    public Engine(PulumiCommand pulumi, Path project) {
        this.cli = new PulumiCli(pulumi, project);
    }

    /** @throws EngineException if the directory has no project, or {@code pulumi} is not on PATH */
    public static Engine in(Path project) {
        Path directory = project.toAbsolutePath().normalize();
        requireProject(directory);
        try {
            return new Engine(LocalPulumiCommand.create(), directory);
        } catch (AutomationException e) {
            throw new EngineException(
                    "cannot run pulumi: " + e.getMessage() + "\nFix: install the Pulumi CLI and put it on PATH.", e);
        }
    }

    /** Cancels running {@code pulumi} processes and waits until they have exited. No further one is started. */
    public void cancel() {
        cli.cancel();
    }

    /** @throws EngineException if the directory has no project */
    public static void requireProject(Path directory) {
        if (!Files.exists(directory.resolve("Pulumi.yaml"))) {
            throw new EngineException("no project found: " + directory
                    + " has no Pulumi.yaml.\nFix: pass the project directory with --cwd DIR.");
        }
    }

    /** A stack's configuration as {@code pulumi config --json} prints it, without secret values. */
    public JsonNode config(String stack) {
        return cli.json(stack, List.of("config", "--json", "--stack", stack));
    }

    /** Full name of a stack of the project. */
    public StackName name(String stack) {
        return cli.name(stack);
    }

    /**
     * A stack's outputs, secret ones in plaintext.
     *
     * @throws EngineException if one cannot be decrypted, too: the CLI prints null for it and exits with 0
     */
    public JsonNode outputs(String stack) {
        var name = argument(stack);
        JsonNode outputs = cli.json(name, List.of("stack", "output", "--json", "--show-secrets", "--stack", name));
        if (outputs.valueStream().anyMatch(JsonNode::isNull)) {
            requireDecrypted(name, outputs);
        }
        return outputs;
    }

    /** @param outputs with null values */
    private void requireDecrypted(String stack, JsonNode outputs) {
        JsonNode masked = cli.json(stack, List.of("stack", "output", "--json", "--stack", stack));
        outputs.properties().stream()
                .filter(output -> output.getValue().isNull()
                        && !masked.path(output.getKey()).isNull())
                .findFirst()
                .ifPresent(output -> {
                    throw new EngineException("cannot decrypt output " + output.getKey() + " of stack "
                            + stack + ": wrong passphrase or key.\nFix: set PULUMI_CONFIG_PASSPHRASE, or the key,"
                            + " to that of the last deployment, then run the same command again.");
                });
    }

    /** The output of {@code pulumi preview --diff}. */
    public String preview(String stack) {
        return cli.output(stack, List.of("preview", "--diff", "--non-interactive", "--stack", stack));
    }

    /** Runs {@code pulumi up}; the listener receives each line of output. */
    public void up(String stack, Consumer<String> listener) {
        cli.update(stack, nonInteractive(stack, "up"), listener);
    }

    /** Updates only these resources, none of them in the cluster, before existing objects are imported. */
    public void prepareImport(String stack, List<String> urns, Consumer<String> listener) {
        List<String> command = nonInteractive(stack, "up");
        urns.forEach(urn -> command.addAll(List.of("--target", urn)));
        cli.update(stack, command, Map.of(Workspace.ADOPTING, "true"), listener);
    }

    /** Imports existing objects into the state from a file in the format of {@code pulumi import}. */
    public void importResources(String stack, Path file, Consumer<String> listener) {
        cli.update(
                stack,
                nonInteractive(stack, "import", "--file", file.toString(), "--generate-code=false", "--protect=false"),
                listener);
    }

    /** Destroys all resources of a stack, even protected ones. The stack itself is kept. */
    public void destroy(String stack, Consumer<String> listener) {
        cli.update(
                stack,
                List.of("state", "unprotect", "--all", "--yes", "--non-interactive", "--stack", stack),
                listener);
        cli.update(stack, nonInteractive(stack, "destroy"), listener);
    }

    /** Refreshes the state, and imports objects whose creation was interrupted: provider IDs by URN. */
    public void refresh(String stack, Map<String, String> imported, Consumer<String> listener) {
        List<String> command = nonInteractive(stack, "refresh", "--clear-pending-creates");
        imported.forEach(
                (urn, id) -> command.addAll(List.of("--import-pending-creates", urn, "--import-pending-creates", id)));
        cli.update(stack, command, listener);
    }

    /** A stack's state, secrets encrypted. */
    public JsonNode state(String stack) {
        return cli.json(stack, List.of("stack", "export", "--stack", stack));
    }

    /** A stack's state, secrets in plaintext. */
    public JsonNode stateWithSecrets(String stack) {
        return cli.json(stack, List.of("stack", "export", "--show-secrets", "--stack", argument(stack)));
    }

    /** A stack's configuration, secrets in plaintext, to be masked in output. */
    public JsonNode configWithSecrets(String stack) {
        return cli.json(stack, List.of("config", "--json", "--show-secrets", "--stack", argument(stack)));
    }

    /**
     * Runs a command and observes its engine events.
     *
     * @param environment variables in addition to those of this process
     * @param events      receives each event, none after this method has returned
     * @return standard error of a command that failed
     */
    public Optional<String> observe(
            List<String> command, Map<String, String> environment, Consumer<EngineEvent> events) {
        return cli.observe(command, environment, events);
    }

    /** The CLI version. */
    public String version() {
        return cli.output("", List.of("version")).strip();
    }

    /** The user and the backend URL. */
    public JsonNode whoami() {
        return cli.json("", List.of("whoami", "--json", "--non-interactive"));
    }

    /** The installed plugins with name and version. */
    public JsonNode plugins() {
        return cli.json("", List.of("plugin", "ls", "--json"));
    }

    /** Plain names of the project's stacks in the current backend. */
    public Set<String> stacks() {
        Set<String> names = new HashSet<>();
        cli.json("", List.of("stack", "ls", "--json")).forEach(stack -> {
            names.add(cli.name(stack.path("name").asText()).stack());
        });
        return names;
    }

    /** @param secretsProvider empty for the backend's default */
    public void init(String stack, Optional<String> secretsProvider) {
        List<String> command = new ArrayList<>(List.of("stack", "init", stack, "--no-select", "--non-interactive"));
        secretsProvider.ifPresent(provider -> command.addAll(List.of("--secrets-provider", provider)));
        cli.output(stack, command);
    }

    /** Removes an empty stack and its file. */
    public void remove(String stack) {
        cli.update(stack, List.of("stack", "rm", stack, "--yes", "--non-interactive"), line -> {});
    }

    /** Removes an empty stack, if it exists, and keeps its file. */
    public void removeKeepingFile(String stack) {
        cli.run(List.of("stack", "rm", stack, "--yes", "--preserve-config", "--non-interactive"), "", line -> {});
    }

    /** Encrypts a secret into a separate file with the stack's key. Standard input passes it: arguments are visible to all users. */
    public void encryptToFile(String stack, Path file, String key, String secret) {
        PulumiCli.Result result = cli.run(
                List.of("config", "set", "--secret", key, "--config-file", file.toString(), "--stack", stack),
                secret,
                line -> {});
        if (result.failure().isPresent()) {
            throw new EngineException("cannot encrypt the secrets in " + file.getFileName() + " with the key of stack "
                    + stack + ": " + result.errors() + "\nFix: correct this, then run the same command again.");
        }
    }

    /** Encrypts a value in a stack's file, at a path in the syntax of {@code pulumi config set --path}. */
    public void encrypt(String stack, String path, String secret) {
        PulumiCli.Result result = cli.run(
                List.of("config", "set", "--secret", "--path", path, "--stack", stack, "--non-interactive"),
                secret,
                line -> {});
        if (result.failure().isPresent()) {
            throw new EngineException("cannot encrypt " + path + " of stack " + stack + ": " + result.errors()
                    + "\nFix: correct this, then run the same command again.");
        }
    }

    /** Decrypts a secret in a separate file; empty if it has no such key. */
    public Optional<String> decryptFromFile(String stack, Path file, String key) {
        JsonNode config = cli.json(
                stack,
                List.of("config", "--json", "--show-secrets", "--config-file", file.toString(), "--stack", stack));
        return Optional.of(config.path(key).path("value").asText()).filter(text -> !text.isBlank());
    }

    /**
     * The short name of a stack of this project. Files without an organization mean the default one, which only the CLI
     * knows: it is called {@code organization} only in backends without organizations.
     */
    private String argument(String stack) {
        var name = cli.name(stack);
        return name.equals(cli.name(name.stack())) ? name.stack() : stack;
    }

    /** A command without prompts; arguments may be appended. */
    private static List<String> nonInteractive(String stack, String... command) {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(List.of("--yes", "--skip-preview", "--suppress-outputs", "--non-interactive", "--stack", stack));
        return whole;
    }
}
