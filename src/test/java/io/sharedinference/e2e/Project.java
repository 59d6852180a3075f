package io.sharedinference.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** A separate Pulumi project: this checkout's program with its own directory, stacks and backend. */
final class Project {

    private final Sandbox sandbox;
    private final Path directory;
    private final List<String> transcript = Collections.synchronizedList(new ArrayList<>());

    Project(Sandbox sandbox, Path directory) {
        try {
            Files.createDirectories(directory.resolve("backend"));
            Files.copy(sandbox.project().resolve("Pulumi.yaml"), directory.resolve("Pulumi.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.directory = directory;
        this.sandbox = sandbox.with(Map.of(
                "PULUMI_BACKEND_URL",
                "file://" + directory.resolve("backend"),
                "SHARED_INFERENCE_PROJECT",
                directory.toString()));
    }

    private Project(Sandbox sandbox, Project other) {
        this.sandbox = sandbox;
        this.directory = other.directory;
    }

    /** The same project with another passphrase. */
    Project withPassphrase(String passphrase) {
        return with(Map.of("PULUMI_CONFIG_PASSPHRASE", passphrase));
    }

    /** The same project with another kubeconfig. */
    Project withKubeconfig(Path kubeconfig) {
        return with(Map.of("KUBECONFIG", kubeconfig.toString()));
    }

    /** The same project with more environment variables. */
    Project with(Map<String, String> settings) {
        return new Project(sandbox.with(settings), this);
    }

    Path directory() {
        return directory;
    }

    /** The sandbox with this project's backend, for commands whose output must stay out of the transcript. */
    Sandbox sandbox() {
        return sandbox;
    }

    /** The output of all commands run in this project. */
    String transcript() {
        return String.join("\n", transcript);
    }

    /** Writes the stack file, and creates the stack if it does not exist. */
    void configure(String stack, Map<String, Object> config) {
        write(stack, config);
        pulumi("stack", "select", "--create", stack).succeeded();
    }

    /** Writes the file of an existing stack. */
    void write(String stack, Map<String, Object> config) {
        var file = directory.resolve("Pulumi." + stack + ".yaml");
        try {
            Map<String, Object> settings =
                    Files.exists(file) ? new Yaml().load(Files.readString(file)) : new LinkedHashMap<>();
            var prefixed = new LinkedHashMap<String, Object>();
            config.forEach((key, value) -> prefixed.put("shared-inference:" + key, value));
            settings.put("config", prefixed);
            Files.writeString(file, new Yaml().dump(settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Outcome up(String stack) {
        return pulumi("up", "--yes", "--skip-preview", "--diff", "--stack", stack);
    }

    Outcome preview(String stack) {
        return pulumi("preview", "--diff", "--stack", stack);
    }

    Outcome previewWithoutChanges(String stack) {
        return pulumi("preview", "--diff", "--expect-no-changes", "--stack", stack);
    }

    /** Lifts the protection first. */
    Outcome destroy(String stack) {
        pulumi("state", "unprotect", "--all", "--yes", "--stack", stack);
        return pulumi("destroy", "--yes", "--skip-preview", "--stack", stack);
    }

    Outcome pulumi(String... arguments) {
        var command = new ArrayList<>(List.of("pulumi", "--non-interactive", "--cwd", directory.toString()));
        command.addAll(List.of(arguments));
        var outcome = sandbox.run(command.toArray(String[]::new));
        transcript.add(outcome.output());
        return outcome;
    }
}
