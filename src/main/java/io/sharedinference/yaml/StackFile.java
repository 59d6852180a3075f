package io.sharedinference.yaml;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A stack's file that several commands may edit concurrently. Edits are serialized, apply to the file's current content, and
 * are written atomically. The lock is not reentrant.
 */
public final class StackFile {

    private final Path file;

    public StackFile(Path file) {
        this.file = file;
    }

    /** @throws StackFileException if it cannot be edited safely; it is unchanged then */
    public void edit(UnaryOperator<YamlText> edit) {
        locked(target -> {
            String before = Files.readString(target);
            String after = edit.apply(YamlText.of(file, before)).text();
            if (!after.equals(before)) {
                replace(target, after);
            }
            return after;
        });
    }

    /** The result of an edit, without changing the file. */
    public String edited(UnaryOperator<YamlText> edit) {
        try {
            return edit.apply(YamlText.of(file, Files.readString(file))).text();
        } catch (IOException e) {
            throw new StackFileException(
                    "cannot read " + file + ": " + e
                            + ".\nFix: check that the file exists and is readable, then run this again.",
                    e);
        }
    }

    /**
     * Claims the file for the duration of a command. Edits do not wait for it, and the operating system releases the claim of
     * a killed process.
     *
     * @return empty while another command has claimed it
     */
    public Optional<Claim> claim() {
        try {
            return FileLock.ifFree(file.toAbsolutePath().normalize().resolveSibling(file.getFileName() + ".command"))
                    .map(Claim.class::cast);
        } catch (IOException e) {
            throw new StackFileException(
                    "cannot lock " + file + ": " + e
                            + ".\nFix: make the temporary directory writable, then run this again.",
                    e);
        }
    }

    /** Held until it is closed. */
    @FunctionalInterface
    public interface Claim extends AutoCloseable {

        @Override
        void close();
    }

    /** Replaces the content of the file. */
    public void write(String text) {
        locked(target -> {
            replace(target, text);
            return text;
        });
    }

    /** Holds the lock during an action that writes the file itself, as the Pulumi CLI does. */
    public void locked(Runnable action) {
        locked(target -> {
            action.run();
            return target;
        });
    }

    private <T> T locked(Action<T> action) {
        try {
            Path target = Files.exists(file)
                    ? file.toRealPath()
                    : file.toAbsolutePath().resolveSibling("").toRealPath().resolve(file.getFileName());
            var lock = FileLock.of(target);
            try (lock) {
                return action.on(target);
            }
        } catch (IOException e) {
            throw new StackFileException(
                    "cannot edit " + file + ": " + e
                            + ".\nFix: make the file and its directory readable and writable, then run this again.",
                    e);
        }
    }

    /** The temporary file always has the same name, so that the next process overwrites that of a killed one. */
    private static void replace(Path target, String text) throws IOException {
        Path draft = target.resolveSibling("." + target.getFileName() + ".tmp");
        Files.deleteIfExists(draft);
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                keepMode(target, draft);
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            try (var directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void keepMode(Path target, Path draft) throws IOException {
        var view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
        if (view != null && Files.exists(target)) {
            view.setPermissions(Files.getPosixFilePermissions(target));
        }
    }

    @FunctionalInterface
    private interface Action<T> {

        T on(Path target) throws IOException;
    }
}
