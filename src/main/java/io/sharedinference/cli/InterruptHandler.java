package io.sharedinference.cli;

import io.sharedinference.pulumi.Engine;
import io.sharedinference.secrets.Redaction;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * Handles Ctrl-C and SIGTERM: cancels {@code pulumi}, which releases its lock, then reports which steps are done, which are
 * not, and how to continue. Failures caused by the interruption are not reported.
 */
final class InterruptHandler {

    private final List<Engine> engines = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private Optional<String> running = Optional.empty();
    private boolean interrupted;

    /** @return removes the handler at the end of the command */
    Runnable install(String[] arguments, PrintWriter err, Terminal terminal) {
        var hook = new Thread(() -> handle(arguments, err, terminal), "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            blockIfInterrupted();
            Runtime.getRuntime().removeShutdownHook(hook);
        };
    }

    private void handle(String[] arguments, PrintWriter err, Terminal terminal) {
        engines().forEach(Engine::cancel);
        err.println(terminal.cleared() + message(arguments));
        err.flush();
    }

    private synchronized List<Engine> engines() {
        interrupted = true;
        return List.copyOf(engines);
    }

    private synchronized String message(String[] arguments) {
        var command = "./tenant "
                + Arrays.stream(arguments).map(InterruptHandler::quoted).collect(Collectors.joining(" "));
        var steps = done.isEmpty() && running.isEmpty()
                ? "nothing was changed"
                : "done: " + (done.isEmpty() ? "nothing" : String.join(", ", done)) + "; not done: "
                        + running.map(step -> step + " and later steps").orElse("later steps");
        return Redaction.of(List.of()).apply("tenant: interrupted: " + steps + ".\nFix: to continue, run " + command);
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /** A writer that writes nothing once the process is being interrupted: results are then failures that it caused. */
    PrintWriter blocking(PrintWriter out) {
        return new PrintWriter(
                new Writer() {
                    @Override
                    public void write(char[] text, int offset, int length) {
                        blockIfInterrupted();
                        out.write(text, offset, length);
                    }

                    @Override
                    public void flush() {
                        out.flush();
                    }

                    @Override
                    public void close() {
                        out.close();
                    }
                },
                true);
    }

    /** Registers an engine whose processes are cancelled. */
    synchronized Engine register(Engine engine) {
        engines.add(engine);
        return engine;
    }

    void stepStarted(String step) {
        blockIfInterrupted();
        synchronized (this) {
            running = Optional.of(step);
        }
    }

    synchronized void stepFinished(String step) {
        running = Optional.empty();
        done.add(step);
    }

    /** Returns immediately, or never if the process is being interrupted. */
    void blockIfInterrupted() {
        synchronized (this) {
            if (!interrupted) {
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
