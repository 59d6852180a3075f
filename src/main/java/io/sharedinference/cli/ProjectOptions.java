package io.sharedinference.cli;

import io.sharedinference.project.StackFiles;
import io.sharedinference.project.Workspace;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.review.StackCheck;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that works on the project's stacks. */
final class ProjectOptions {

    static final String JSON = "--json";

    // launchers set both variables
    @Option(
            names = "--cwd",
            paramLabel = "DIR",
            defaultValue = "${env:SHARED_INFERENCE_PROJECT:-${env:TENANT_CHECKOUT:-.}}",
            description = "Directory of Pulumi.yaml and the stack files (default: the checkout)")
    private Path project;

    @Option(names = JSON, description = "Print JSON")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    private final InterruptHandler interrupts;

    ProjectOptions(InterruptHandler interrupts) {
        this.interrupts = interrupts;
    }

    InterruptHandler interrupts() {
        return interrupts;
    }

    boolean json() {
        return json;
    }

    /** Whether a user watches the progress at a terminal. */
    boolean interactive() {
        return !json && Terminal.current().interactive();
    }

    Path project() {
        return project.toAbsolutePath().normalize();
    }

    /** The directory of the program, base of relative paths in stack files. */
    Path checkout() {
        return Optional.ofNullable(System.getenv("TENANT_CHECKOUT"))
                .map(directory -> Path.of(directory).toAbsolutePath().normalize())
                .orElseGet(this::project);
    }

    Engine engine() {
        return interrupts.register(Engine.in(project()));
    }

    StackFiles files() {
        return StackFiles.in(project());
    }

    Workspace workspace() {
        return workspace(project(), checkout());
    }

    private static Workspace workspace(Path project, Path checkout) {
        var environment = new HashMap<>(System.getenv());
        environment.put(Workspace.PROJECT_DIRECTORY, project.toString());
        return new Workspace(environment, checkout);
    }

    StackCheck check() {
        return new StackCheck(files(), workspace());
    }

    /** Checks stack files in another directory, with the files they refer to if it is a whole checkout. */
    StackCheck check(Path other) {
        return new StackCheck(
                StackFiles.in(other), workspace(other, project().equals(checkout()) ? other : checkout()));
    }

    /** @throws io.sharedinference.pulumi.EngineException if the directory has no project */
    KnownNames stackNames() {
        Engine.requireProject(project());
        return new KnownNames(files().stacks(), "stack %1$s not found: " + project() + " has no Pulumi.%1$s.yaml");
    }
}
