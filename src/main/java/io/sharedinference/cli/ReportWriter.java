package io.sharedinference.cli;

import io.sharedinference.verify.Report;
import io.sharedinference.verify.Step;

/** Shows a verification while it runs and when it ends. */
interface ReportWriter {

    void step(Step step);

    void end(Report report);
}
