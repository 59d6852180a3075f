package io.sharedinference.cli;

import io.sharedinference.verify.HopResult;
import io.sharedinference.verify.VerificationReport;

/** Prints a verification while it runs and when it ends. */
interface ReportWriter {

    void result(HopResult result);

    void end(VerificationReport report);
}
