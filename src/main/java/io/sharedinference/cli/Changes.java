package io.sharedinference.cli;

import io.sharedinference.review.Affected;
import io.sharedinference.review.ChangedFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What git says has changed since another revision. */
final class Changes {

    private final ProjectOptions options;
    private final String base;
    private final Path project;
    private final Path repository;

    /** @param base a revision; compared is with the point where this branch left it */
    Changes(ProjectOptions options, String base) {
        this.options = options;
        this.base = base;
        this.project = real(options.project());
        this.repository =
                real(Path.of(git(start(), "rev-parse", "--show-toplevel").stripTrailing()));
    }

    Affected affected() {
        var files = options.files();
        return Affected.by(changed(), files.stacks(), files.validConfigs(), project, real(options.checkout()));
    }

    private ChangedFiles changed() {
        if (base.matches("0+")) { // what GitHub and GitLab name as the revision before a branch's first
            return ChangedFiles.EVERYTHING;
        }
        // a branch that was put back has left nothing since: what it lost is the change
        String left = left();
        String since = left.equals(git("rev-parse", "HEAD").strip())
                ? git("rev-parse", base + "^{commit}").strip()
                : left;
        String names = git(
                "diff",
                "--name-only",
                "-z",
                "--no-renames",
                "--no-relative",
                "--ignore-submodules=none",
                since,
                "HEAD",
                "--");
        return ChangedFiles.in(
                repository,
                Stream.of(names.split("\0")).filter(name -> !name.isEmpty()).toList());
    }

    /** A copy of a stack's file as it was. */
    Path before(String stack) {
        try {
            Path copy = Files.createTempFile("Pulumi." + stack + ".", ".yaml");
            copy.toFile().deleteOnExit();
            return Files.writeString(
                    copy,
                    git("show", left() + ":" + repository.relativize(project).resolve("Pulumi." + stack + ".yaml")));
        } catch (IOException e) {
            throw new CommandException("no temporary file for the stack file of " + stack + ": " + e.getMessage(), e);
        }
    }

    /** The repository's files as they were. */
    Snapshot snapshot() {
        return Snapshot.of(zip -> git("archive", "--format=zip", "--output", zip.toString(), left()));
    }

    /** Where the stack files are in a snapshot. */
    Path project(Snapshot snapshot) {
        return snapshot.folder()
                .resolve(repository.relativize(project).toString())
                .normalize();
    }

    private String left() {
        return git("merge-base", base, "HEAD").strip();
    }

    /** The stack files may be kept in a repository of their own. */
    private Path start() {
        return Stream.iterate(project, Objects::nonNull, Path::getParent)
                        .anyMatch(folder -> Files.exists(folder.resolve(".git")))
                ? project
                : options.checkout();
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw new CommandException(folder + " can't be read: " + e.getMessage(), e);
        }
    }

    private String git(String... arguments) {
        return git(repository, arguments);
    }

    private String git(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() != 0) {
                throw new CommandException(String.join(" ", command) + " failed in " + folder + ". Is " + base
                        + " fetched? In CI, check out with the whole history (fetch-depth: 0).");
            }
            return output;
        } catch (IOException e) {
            throw new CommandException("git can't be run: " + e.getMessage() + ". Install it and put it on PATH.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while git ran", e);
        }
    }
}
