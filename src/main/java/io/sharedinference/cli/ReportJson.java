package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.verify.HopResult;
import io.sharedinference.verify.VerificationReport;

/** {@code {"stack", "passed", "hops": [{"hop", "passed", "detail", "remedy", "millis"}]}}. */
final class ReportJson {

    private ReportJson() {}

    static ObjectNode of(String stack, VerificationReport report) {
        ObjectNode json =
                new ObjectMapper().createObjectNode().put("stack", stack).put("passed", report.passed());
        report.results().forEach(result -> add(result, json.withArray("hops").addObject()));
        return json;
    }

    private static void add(HopResult result, ObjectNode json) {
        json.put("hop", result.hop().id())
                .put(
                        "passed",
                        result instanceof HopResult.Unknown
                                ? null
                                : Boolean.valueOf(result instanceof HopResult.Passed))
                .put("detail", result.detail())
                .put("millis", result.duration().toMillis());
        if (result instanceof HopResult.Failed failed) {
            json.put("remedy", failed.fix());
        }
    }
}
