package io.sharedinference.cli;

import java.io.PrintWriter;
import java.util.function.IntConsumer;

/** Shows on a terminal how many of several tasks are done, on a line that is cleared at the end. */
record ProgressLine(PrintWriter out, boolean shown, int total, String label) implements IntConsumer, AutoCloseable {

    static ProgressLine of(PrintWriter out, boolean shown, int total, String label) {
        var line = new ProgressLine(out, shown, total, label);
        line.accept(0);
        return line;
    }

    @Override
    public synchronized void accept(int done) {
        if (shown) {
            out.print(Terminal.LINE_START + label + ": " + done + " of " + total);
            out.flush();
        }
    }

    @Override
    public void close() {
        if (shown) {
            out.print(Terminal.LINE_START);
            out.flush();
        }
    }
}
