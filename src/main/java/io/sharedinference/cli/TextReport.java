package io.sharedinference.cli;

import io.sharedinference.verify.Report;
import io.sharedinference.verify.Step;
import java.io.PrintWriter;

/** A line per hop; signs on a terminal, words elsewhere. */
record TextReport(String stack, PrintWriter out, Terminal terminal) implements ReportWriter {

    private static final int TITLE_WIDTH = 36;

    @Override
    public void step(Step step) {
        String sign = sign(step, terminal);
        out.printf(
                "%s %-" + TITLE_WIDTH + "s %5d ms  %s%n",
                sign,
                step.hop().title(),
                step.took().toMillis(),
                step.detail());
        if (step instanceof Step.Failed failed) {
            out.println("  What to do: " + failed.remedy());
        }
        out.flush();
    }

    static String sign(Step step, Terminal terminal) {
        if (step instanceof Step.Unknown) {
            return terminal.signs() ? "?" : "?   ";
        }
        return step instanceof Step.Passed ? terminal.passed() : terminal.failed();
    }

    @Override
    public void end(Report report) {
        out.println(stack + (report.passed() ? " is verified." : " is not verified."));
    }
}
