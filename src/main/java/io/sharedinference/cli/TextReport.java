package io.sharedinference.cli;

import io.sharedinference.verify.Report;
import io.sharedinference.verify.Step;
import java.io.PrintWriter;

/** A line per hop; signs on a terminal, words elsewhere. */
record TextReport(String stack, PrintWriter out, boolean terminal) implements ReportWriter {

    private static final int TITLE_WIDTH = 36;

    /** Whether the launcher saw a terminal on standard output; Java 17 can't tell it apart from standard input. */
    static boolean isTerminal() {
        return Boolean.parseBoolean(System.getenv("TENANT_TERMINAL"));
    }

    @Override
    public void step(Step step) {
        boolean passed = step instanceof Step.Passed;
        String sign = terminal ? (passed ? "✓" : "✗") : (passed ? "ok  " : "FAIL");
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

    @Override
    public void end(Report report) {
        out.println(stack + (report.passed() ? " is verified." : " is not verified."));
    }
}
