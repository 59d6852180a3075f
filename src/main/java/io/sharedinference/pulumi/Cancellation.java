package io.sharedinference.pulumi;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Cancels running {@code pulumi} processes with signals: on the first they finish operations in progress, on the second they
 * abort them; after both they release their lock. A terminal sends Ctrl-C to them itself. If only this process was
 * signalled, it forwards the signal, and sends the second one after some seconds: CI servers kill processes after ten.
 */
final class Cancellation {

    private static final String CANCELLING = "received; cancelling"; // Pulumi's message
    private static final long TERMINALS_SECONDS = 1;
    private static final long GRACE_SECONDS = 5;

    private final CountDownLatch signalled = new CountDownLatch(1);
    private volatile boolean cancelled;

    /** @param line a line that a process printed */
    void onOutput(String line) {
        if (line.contains(CANCELLING)) {
            signalled.countDown();
        }
    }

    /** @throws EngineException if no further process may be started */
    void throwIfCancelled() {
        if (cancelled) {
            throw new EngineException("interrupted.\nFix: run the same command again to continue.");
        }
    }

    /** Cancels all processes and waits until they have exited. */
    void run() {
        cancelled = true;
        if (!running().isEmpty() && !signalledByTerminal()) {
            running().forEach(ProcessHandle::destroy); // SIGTERM
            await(running(), GRACE_SECONDS);
            running().forEach(ProcessHandle::destroy);
        }
        for (var left = running(); !left.isEmpty(); left = running()) {
            left.forEach(process -> process.onExit().join());
        }
    }

    private boolean signalledByTerminal() {
        try {
            return signalled.await(TERMINALS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void await(List<ProcessHandle> processes, long seconds) {
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, seconds, TimeUnit.SECONDS)
                .join();
    }

    private static List<ProcessHandle> running() {
        return ProcessHandle.current()
                .children()
                .filter(process ->
                        process.info().command().filter(Cancellation::isPulumi).isPresent())
                .toList();
    }

    private static boolean isPulumi(String command) {
        return Path.of(command).getFileName().toString().startsWith("pulumi");
    }
}
