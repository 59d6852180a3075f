package io.sharedinference.cli;

import io.sharedinference.pulumi.Engine;
import io.sharedinference.secrets.Redaction;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * What happens at Ctrl-C and SIGTERM: {@code pulumi} is ended first, which gives back its lock, and then one line says what
 * was done, what wasn't, and how to go on. Whatever fails meanwhile fails since it was interrupted, and isn't shown.
 */
final class Interruption {

    private final List<Engine> engines = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private Optional<String> running = Optional.empty();
    private boolean happened;

    /** @return what takes it back, when the command has come to its end */
    Runnable watch(String[] arguments, PrintWriter err, Terminal terminal) {
        var hook = new Thread(() -> end(arguments, err, terminal), "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            awaitEnd();
            Runtime.getRuntime().removeShutdownHook(hook);
        };
    }

    private void end(String[] arguments, PrintWriter err, Terminal terminal) {
        engines().forEach(Engine::cancel);
        err.println(terminal.cleared() + message(arguments));
        err.flush();
    }

    private synchronized List<Engine> engines() {
        happened = true;
        return List.copyOf(engines);
    }

    private synchronized String message(String[] arguments) {
        var command =
                "./tenant " + Arrays.stream(arguments).map(Interruption::quoted).collect(Collectors.joining(" "));
        var steps = done.isEmpty() && running.isEmpty()
                ? "nothing was changed"
                : "done: " + (done.isEmpty() ? "nothing" : String.join(", ", done)) + "; not done: "
                        + running.map(step -> step + ", and what follows it").orElse("what follows");
        return Redaction.of(List.of()).apply("tenant: interrupted: " + steps + ". Fix: to go on, run " + command);
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /** @return the same, whose processes are ended */
    synchronized Engine watched(Engine engine) {
        engines.add(engine);
        return engine;
    }

    void begins(String step) {
        awaitEnd();
        synchronized (this) {
            running = Optional.of(step);
        }
    }

    synchronized void ended(String step) {
        running = Optional.empty();
        done.add(step);
    }

    /** Returns at once, unless the process is about to end: then never. */
    void awaitEnd() {
        synchronized (this) {
            if (!happened) {
                return;
            }
        }
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
