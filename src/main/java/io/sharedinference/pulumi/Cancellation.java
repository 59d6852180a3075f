package io.sharedinference.pulumi;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The end of the {@code pulumi} processes that run, as their user would ask for it: a first signal has them finish what they
 * are at, a second one has them drop it; after both they give back their lock. A terminal signals them itself, and they say
 * so; a second Ctrl-C is the user's. Where this process alone was signalled, it passes the signal on, and after some seconds
 * sends the second one: CI servers kill what hasn't ended within ten.
 */
final class Cancellation {

    private static final String HEARD = "received; cancelling"; // Pulumi's words
    private static final long TERMINALS_SECONDS = 1;
    private static final long GRACE_SECONDS = 5;

    private final CountDownLatch signalled = new CountDownLatch(1);
    private volatile boolean begun;

    /** @param line that a process printed */
    void heard(String line) {
        if (line.contains(HEARD)) {
            signalled.countDown();
        }
    }

    /** @throws EngineException when no process may be started any more */
    void check() {
        if (begun) {
            throw new EngineException("interrupted. Run the same command again: it goes on where this one ended.");
        }
    }

    /** Returns when they have ended. */
    void run() {
        begun = true;
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
