package io.sharedinference.workflows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real Git repository in a directory. */
record GitRepository(Path directory) {

    static GitRepository bare(Path directory) throws IOException, InterruptedException {
        var repository = new GitRepository(Files.createDirectory(directory));
        repository.git("init --quiet --bare --initial-branch main");
        return repository;
    }

    GitRepository clone(Path target) throws IOException, InterruptedException {
        git("clone --quiet . " + target);
        var clone = new GitRepository(target);
        clone.git("config user.name test");
        clone.git("config user.email test@example.com");
        return clone;
    }

    /** Gives each file new content. */
    void write(String... names) throws IOException {
        for (var name : names) {
            Files.writeString(directory.resolve(name), "value: " + System.nanoTime() + "\n");
        }
    }

    /** @return the new commit */
    String push(String subject, String ref) throws IOException, InterruptedException {
        git("add --all");
        git("commit --quiet --message " + subject);
        git("push --quiet origin HEAD:" + ref);
        return git("rev-parse HEAD");
    }

    String git(String arguments) throws IOException, InterruptedException {
        var command = Stream.concat(Stream.of("git"), Stream.of(arguments.split(" ")));
        var result = WorkflowStep.run(directory, Map.of(), command.toList());
        if (result.exitCode() != 0) {
            throw new IllegalStateException("git " + arguments + ": " + result.output());
        }
        return result.output();
    }

    List<String> changesOfLastCommit() throws IOException, InterruptedException {
        return git("show --no-renames --name-status --format= HEAD")
                .replace('\t', ' ')
                .lines()
                .toList();
    }
}
