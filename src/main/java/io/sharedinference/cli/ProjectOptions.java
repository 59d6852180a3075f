package io.sharedinference.cli;

import io.sharedinference.project.StackFiles;
import io.sharedinference.project.Workspace;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.review.StackCheck;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command that works on the project's stacks understands. */
final class ProjectOptions {

    static final String JSON = "--json";

    // both variables are set by launchers
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

    private final Interruption interruption;

    ProjectOptions(Interruption interruption) {
        this.interruption = interruption;
    }

    Interruption interruption() {
        return interruption;
    }

    boolean json() {
        return json;
    }

    /** Whether somebody at a terminal sees what is printed. */
    boolean watched() {
        return !json && Columns.of(System.getenv()) < Integer.MAX_VALUE;
    }

    Path project() {
        return project.toAbsolutePath().normalize();
    }

    /** Where the program is, which relative paths in stack files begin at. */
    Path checkout() {
        return Optional.ofNullable(System.getenv("TENANT_CHECKOUT"))
                .map(folder -> Path.of(folder).toAbsolutePath().normalize())
                .orElseGet(this::project);
    }

    Engine engine() {
        return interruption.watched(Engine.in(project()));
    }

    StackFiles files() {
        return files(project());
    }

    private static StackFiles files(Path project) {
        return new StackFiles(project, Engine.PROJECT, "organization");
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

    /** Of the stack files in another folder, with all that they name if it is a whole checkout. */
    StackCheck check(Path other) {
        return new StackCheck(files(other), workspace(other, project().equals(checkout()) ? other : checkout()));
    }

    /** @throws io.sharedinference.pulumi.EngineException if this is no project */
    Names stackNames() {
        Engine.requireProject(project());
        return new Names(files().stacks(), "there is no stack %1$s: " + project() + " has no Pulumi.%1$s.yaml");
    }
}
