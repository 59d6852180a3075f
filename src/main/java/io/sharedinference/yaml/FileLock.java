package io.sharedinference.yaml;

import io.sharedinference.concurrency.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * One user's lock on a file, held by one thread of a process. The lock file is never deleted and has no meaning by itself:
 * the operating system releases the lock of a killed process.
 */
record FileLock(FileChannel channel) implements StackFile.Claim {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration INTERVAL = Duration.ofMillis(10);

    /** @param file its real path */
    static FileLock of(Path file) throws IOException {
        var channel = channel(file);
        try {
            await(channel, file);
            return new FileLock(channel);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Acquires the lock if it is free. */
    static Optional<FileLock> ifFree(Path file) throws IOException {
        var channel = channel(file);
        if (locked(channel)) {
            return Optional.of(new FileLock(channel));
        }
        channel.close();
        return Optional.empty();
    }

    private static FileChannel channel(Path file) throws IOException {
        var key = System.getProperty("user.name") + "\n" + file;
        var lock = Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("shared-inference-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + ".lock");
        return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    private static void await(FileChannel channel, Path file) {
        Poll.within(PATIENCE, INTERVAL)
                .await(
                        () -> locked(channel) ? Optional.empty() : Optional.of(file),
                        held -> {},
                        held -> new StackFileException(
                                "cannot edit " + held + ": another command has held its lock for "
                                        + PATIENCE.toMinutes()
                                        + " minutes.\nFix: wait for that command or end it, then run this again."));
    }

    private static boolean locked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by another thread of this process
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
