package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.tenants.Progress;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Reports a command's steps: on a terminal the running one with the last output of its tools, then its duration; in a log one
 * line per finished step; in JSON one object at the end.
 */
final class StepReporter implements Progress {

    private final PrintWriter out;
    private final Terminal terminal;
    private final boolean json;
    private final InterruptHandler interrupts;
    private final ObjectNode report = new ObjectMapper().createObjectNode();

    StepReporter(PrintWriter out, Terminal terminal, boolean json, InterruptHandler interrupts) {
        this.out = out;
        this.terminal = terminal;
        this.json = json;
        this.interrupts = interrupts;
    }

    @Override
    public void step(String title, Step work) {
        long start = System.nanoTime();
        show(title + " ...");
        interrupts.stepStarted(title);
        try {
            String detail = work.run(line -> show(title + ": " + line));
            interrupts.stepFinished(title);
            print(title, true, start, detail);
        } catch (RuntimeException e) {
            interrupts.blockIfInterrupted();
            print(title, false, start, "");
            throw failure(e);
        }
    }

    private void show(String line) {
        if (terminal.symbols() && !json) {
            out.print(terminal.overwritten(line));
            out.flush();
        }
    }

    private void print(String title, boolean passed, long start, String detail) {
        Duration duration = Duration.ofNanos(System.nanoTime() - start);
        if (json) {
            report.withArray("steps")
                    .addObject()
                    .put("title", title)
                    .put("passed", passed)
                    .put("millis", duration.toMillis())
                    .put("detail", detail);
            return;
        }
        out.printf(
                "%s%s %5.1f s  %s%s%n",
                terminal.cleared(),
                passed ? terminal.passed() : terminal.failed(),
                duration.toMillis() / 1000.0,
                title,
                detail.isEmpty() ? "" : ": " + detail);
        out.flush();
    }

    /** The failure of the command; in JSON with the steps so far. */
    RuntimeException failure(RuntimeException cause) {
        return json ? new StepException(cause, report) : cause;
    }

    /** Prints the result. */
    void end(String tenant, boolean done, String message) {
        out.println(json ? report.put("tenant", tenant).put("done", done).toPrettyString() : message);
        out.flush();
    }
}
