package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.verify.Report;
import io.sharedinference.verify.Step;
import java.io.PrintWriter;

/** {@code {"stack", "passed", "hops": [{"hop", "passed", "detail", "remedy", "millis"}]}}, at the end. */
record JsonReport(String stack, PrintWriter out) implements ReportWriter {

    @Override
    public void step(Step step) {
        // all at the end
    }

    @Override
    public void end(Report report) {
        out.println(describe(stack, report).toPrettyString());
    }

    static ObjectNode describe(String stack, Report report) {
        ObjectNode json =
                new ObjectMapper().createObjectNode().put("stack", stack).put("passed", report.passed());
        report.steps().forEach(step -> describe(step, json.withArray("hops").addObject()));
        return json;
    }

    private static void describe(Step step, ObjectNode json) {
        json.put("hop", step.hop().id())
                .put("passed", step instanceof Step.Unknown ? null : Boolean.valueOf(step instanceof Step.Passed))
                .put("detail", step.detail())
                .put("millis", step.took().toMillis());
        if (step instanceof Step.Failed failed) {
            json.put("remedy", failed.remedy());
        }
    }
}
