package io.sharedinference.cli;

import io.sharedinference.verify.HopResult;
import io.sharedinference.verify.VerificationReport;
import java.io.PrintWriter;

/** Prints a verification: one line per hop, with symbols on a terminal and words elsewhere. */
record ReportWriter(String stack, PrintWriter out, Terminal terminal) {

    private static final int TITLE_WIDTH = 36;

    public void result(HopResult result) {
        String sign = sign(result, terminal);
        out.printf(
                "%s %-" + TITLE_WIDTH + "s %5d ms  %s%n",
                sign,
                result.hop().title(),
                result.duration().toMillis(),
                result.detail());
        if (result instanceof HopResult.Failed failed) {
            out.println("  Fix: " + failed.fix());
        }
        out.flush();
    }

    static String sign(HopResult result, Terminal terminal) {
        if (result instanceof HopResult.Unknown) {
            return terminal.symbols() ? "?" : "?   ";
        }
        return result instanceof HopResult.Passed ? terminal.passed() : terminal.failed();
    }

    public void end(VerificationReport report) {
        out.println(stack + (report.passed() ? " is verified." : " is not verified."));
    }
}
