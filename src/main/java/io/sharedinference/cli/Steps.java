package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.tenants.Progress;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Shows a command's steps: on a terminal the one that runs, with what its tools print last, and then how long it took; in a
 * log a line for each that ended; for programs one object at the end.
 */
final class Steps implements Progress {

    private final PrintWriter out;
    private final Terminal terminal;
    private final boolean json;
    private final Interruption interruption;
    private final ObjectNode report = new ObjectMapper().createObjectNode();

    Steps(PrintWriter out, Terminal terminal, boolean json, Interruption interruption) {
        this.out = out;
        this.terminal = terminal;
        this.json = json;
        this.interruption = interruption;
    }

    @Override
    public void step(String title, Step work) {
        long start = System.nanoTime();
        int width = terminal.signs() ? Terminal.width() : 0;
        show(title + " ...", width);
        interruption.begins(title);
        try {
            String detail = work.run(line -> show(title + ": " + line, width));
            interruption.ended(title);
            ended(title, true, start, detail);
        } catch (RuntimeException e) {
            interruption.awaitEnd();
            ended(title, false, start, "");
            throw json ? new StepFailure(e, report) : e;
        }
    }

    private void show(String line, int width) {
        if (terminal.signs() && !json) {
            out.print(terminal.overwritten(line, width));
            out.flush();
        }
    }

    private void ended(String title, boolean passed, long start, String detail) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (json) {
            report.withArray("steps")
                    .addObject()
                    .put("title", title)
                    .put("passed", passed)
                    .put("millis", took.toMillis())
                    .put("detail", detail);
            return;
        }
        out.printf(
                "%s%s %5.1f s  %s%s%n",
                terminal.cleared(),
                passed ? terminal.passed() : terminal.failed(),
                took.toMillis() / 1000.0,
                title,
                detail.isEmpty() ? "" : ": " + detail);
        out.flush();
    }

    /** The last word. */
    void end(String tenant, boolean done, String words) {
        out.println(json ? report.put("tenant", tenant).put("done", done).toPrettyString() : words);
        out.flush();
    }
}
