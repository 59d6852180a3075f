package io.sharedinference.cli;

import java.io.PrintWriter;
import java.util.function.IntConsumer;

/** Shows on a terminal how many of several answers have come, in a line that is overwritten and is gone at the end. */
record Waiting(PrintWriter out, boolean shown, int all, String what) implements IntConsumer, AutoCloseable {

    private static final String LINE_START = "\r\u001b[K";

    static Waiting of(PrintWriter out, boolean shown, int all, String what) {
        var waiting = new Waiting(out, shown, all, what);
        waiting.accept(0);
        return waiting;
    }

    @Override
    public synchronized void accept(int done) {
        if (shown) {
            out.print(LINE_START + what + ": " + done + " of " + all);
            out.flush();
        }
    }

    @Override
    public void close() {
        if (shown) {
            out.print(LINE_START);
            out.flush();
        }
    }
}
