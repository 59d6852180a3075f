package io.sharedinference.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A temporary directory with the files of another revision, deleted on close. Symbolic links are plain files in it. */
record RevisionSnapshot(Path directory) implements AutoCloseable {

    /** Writes a zip archive to a path. */
    interface Archive {
        void to(Path zip);
    }

    static RevisionSnapshot of(Archive archive) {
        try {
            Path directory = Files.createTempDirectory("snapshot");
            Path zip = Files.createTempFile("snapshot", ".zip");
            try {
                archive.to(zip);
                unpack(zip, directory);
                return new RevisionSnapshot(directory);
            } finally {
                Files.delete(zip);
            }
        } catch (IOException e) {
            throw new CommandException(
                    "cannot extract the files of the other revision: " + e.getMessage() + "\nFix: make "
                            + System.getProperty("java.io.tmpdir") + " writable, with enough free space.",
                    e);
        }
    }

    private static void unpack(Path zip, Path directory) throws IOException {
        try (ZipFile files = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : files.stream().toList()) {
                Path target = directory.resolve(entry.getName()).normalize();
                if (!target.startsWith(directory)) {
                    throw new IOException("unsafe file name " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(files.getInputStream(entry), target);
                }
            }
        }
    }

    @Override
    public void close() {
        try (var tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new CommandException(
                    "cannot delete directory " + directory + ": " + e.getMessage() + "\nFix: delete it.", e);
        }
    }
}
