package io.sharedinference.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import okio.FileSystem;

/** A temporary directory with the files of another revision, deleted on close. Symbolic links are plain files in it. */
record RevisionSnapshot(Path directory) implements AutoCloseable {

    /** @param archive writes a zip archive to a path */
    static RevisionSnapshot of(Consumer<Path> archive) {
        try {
            Path directory = Files.createTempDirectory("snapshot");
            Path zip = Files.createTempFile("snapshot", ".zip");
            try {
                archive.accept(zip);
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
        try {
            FileSystem.SYSTEM.deleteRecursively(okio.Path.get(directory));
        } catch (IOException e) {
            throw new CommandException(
                    "cannot delete directory " + directory + ": " + e.getMessage() + "\nFix: delete it.", e);
        }
    }
}
