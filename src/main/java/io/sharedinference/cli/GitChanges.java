package io.sharedinference.cli;

import io.sharedinference.review.AffectedStacks;
import io.sharedinference.review.ChangedFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The changes since another Git revision. */
final class GitChanges {

    private final ProjectOptions options;
    private final String base;
    private final Path project;
    private final Path repository;

    /** @param base a revision; the comparison is with its merge base */
    GitChanges(ProjectOptions options, String base) {
        this.options = options;
        this.base = base;
        this.project = real(options.project());
        this.repository =
                real(Path.of(git(start(), "rev-parse", "--show-toplevel").stripTrailing()));
    }

    AffectedStacks affected() {
        var files = options.files();
        return AffectedStacks.of(changed(), files.stacks(), files.validConfigs(), project, real(options.checkout()));
    }

    private ChangedFiles changed() {
        if (base.matches("0+")) { // the revision that GitHub and GitLab report before the first push of a branch
            return ChangedFiles.ALL;
        }
        // after a reset, the base is ahead of HEAD: the reverted commits are the change
        String mergeBase = mergeBase();
        String since = mergeBase.equals(git("rev-parse", "HEAD").strip())
                ? git("rev-parse", base + "^{commit}").strip()
                : mergeBase;
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

    /** A copy of a stack file at the merge base. */
    Path before(String stack) {
        try {
            Path copy = Files.createTempFile("Pulumi." + stack + ".", ".yaml");
            copy.toFile().deleteOnExit();
            return Files.writeString(
                    copy,
                    git(
                            "show",
                            mergeBase() + ":" + repository.relativize(project).resolve("Pulumi." + stack + ".yaml")));
        } catch (IOException e) {
            throw new CommandException(
                    "cannot write the earlier file of stack " + stack + ": " + e.getMessage() + "\nFix: make "
                            + System.getProperty("java.io.tmpdir") + " writable.",
                    e);
        }
    }

    /** The files of the repository at the merge base. */
    RevisionSnapshot snapshot() {
        return RevisionSnapshot.of(zip -> git("archive", "--format=zip", "--output", zip.toString(), mergeBase()));
    }

    /** The project directory in a snapshot. */
    Path project(RevisionSnapshot snapshot) {
        return snapshot.directory()
                .resolve(repository.relativize(project).toString())
                .normalize();
    }

    private String mergeBase() {
        return git("merge-base", base, "HEAD").strip();
    }

    /** The stack files may be in a separate repository. */
    private Path start() {
        return Stream.iterate(project, Objects::nonNull, Path::getParent)
                        .anyMatch(directory -> Files.exists(directory.resolve(".git")))
                ? project
                : options.checkout();
    }

    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new CommandException(
                    "cannot read directory " + directory + ": " + e.getMessage()
                            + "\nFix: pass the project directory with --cwd DIR.",
                    e);
        }
    }

    private String git(String... arguments) {
        return git(repository, arguments);
    }

    private String git(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() != 0) {
                throw new CommandException(String.join(" ", command) + " failed in " + directory + ".\nFix: fetch "
                        + base + "; in CI, check out the full history (fetch-depth: 0).");
            }
            return output;
        } catch (IOException e) {
            throw new CommandException(
                    "cannot run git: " + e.getMessage() + "\nFix: install Git and put it on PATH.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while running git.\nFix: run the same command again.", e);
        }
    }
}
