package io.sharedinference.cli;

import io.sharedinference.review.Affected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What git says has changed since another revision.
 *
 * @param base a revision; compared is with the point where this branch left it
 */
record Changes(ProjectOptions options, String base) {

    Affected affected() {
        if (base.matches("0+")) { // what GitHub names as the revision before a branch's first
            return affected(git("ls-files"));
        }
        return affected(git("diff", "--name-only", "--no-renames", base + "...HEAD"));
    }

    private Affected affected(String changed) {
        var files = options.files();
        return Affected.by(
                changed.lines().collect(Collectors.toCollection(TreeSet::new)),
                files.stacks(),
                files.readable(),
                options.checkout().toAbsolutePath().normalize());
    }

    /** A copy of a stack's file as it was. */
    Path before(String stack) {
        try {
            Path copy = Files.createTempFile("Pulumi." + stack + ".", ".yaml");
            copy.toFile().deleteOnExit();
            return Files.writeString(copy, git("show", left() + ":Pulumi." + stack + ".yaml"));
        } catch (IOException e) {
            throw new CommandException("no temporary file for the stack file of " + stack + ": " + e.getMessage(), e);
        }
    }

    /** The repository's files as they were. */
    Snapshot snapshot() {
        return Snapshot.of(zip -> git("archive", "--format=zip", "--output", zip.toString(), left()));
    }

    private String left() {
        return git("merge-base", base, "HEAD").strip();
    }

    /** The stack files may be kept in a repository of their own. */
    private Path repository() {
        return Files.exists(options.project().resolve(".git")) ? options.project() : options.checkout();
    }

    private String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .directory(repository().toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() != 0) {
                throw new CommandException(String.join(" ", command) + " failed in " + repository() + ". Is " + base
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
