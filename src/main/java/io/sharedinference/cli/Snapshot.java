package io.sharedinference.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A folder with the files of another revision, which goes when this is closed. Links in it are files that name a path. */
record Snapshot(Path folder) implements AutoCloseable {

    /** Writes a zip to the path that it is given. */
    interface Archive {
        void to(Path zip);
    }

    static Snapshot of(Archive archive) {
        try {
            Path folder = Files.createTempDirectory("snapshot");
            Path zip = Files.createTempFile("snapshot", ".zip");
            try {
                archive.to(zip);
                unpack(zip, folder);
                return new Snapshot(folder);
            } finally {
                Files.delete(zip);
            }
        } catch (IOException e) {
            throw new CommandException("the files of another revision can't be unpacked: " + e.getMessage(), e);
        }
    }

    private static void unpack(Path zip, Path folder) throws IOException {
        try (ZipFile files = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : files.stream().toList()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("a file is named " + entry.getName());
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
        try (var tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new CommandException(folder + " can't be removed: " + e.getMessage(), e);
        }
    }
}
