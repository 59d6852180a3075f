package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.HopResult;
import io.sharedinference.verify.VerificationReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportWriterTest {

    private static final VerificationReport REPORT = new VerificationReport(List.of(
            new HopResult.Passed(Hop.DNS, "a.example is 10.0.0.1", Duration.ofMillis(3)),
            new HopResult.Failed(Hop.SHARED_TOKEN, "rejected", "run pulumi up.", Duration.ofMillis(1234))));

    private final StringWriter text = new StringWriter();

    @Test
    void rendersSymbolsOnATerminal() {
        write(new ReportWriter("tenant1", new PrintWriter(text), new Terminal(true, false, Terminal.UNLIMITED)));
        assertEquals("""
                ✓ DNS name of the tenant's API             3 ms  a.example is 10.0.0.1
                ✗ tenant's service token                1234 ms  rejected
                  Fix: run pulumi up.
                tenant1 is not verified.
                """, text.toString());
    }

    @Test
    void rendersWordsInALog() {
        write(new ReportWriter("tenant1", new PrintWriter(text), Terminal.NONE));
        assertEquals("""
                ok   DNS name of the tenant's API             3 ms  a.example is 10.0.0.1
                FAIL tenant's service token                1234 ms  rejected
                  Fix: run pulumi up.
                tenant1 is not verified.
                """, text.toString());
    }

    @Test
    void rendersJson() throws Exception {
        ObjectMapper json = new ObjectMapper();
        assertEquals(
                json.readTree("""
                {"stack": "tenant1", "passed": false, "hops": [
                  {"hop": "dns", "passed": true, "detail": "a.example is 10.0.0.1", "millis": 3},
                  {"hop": "shared-token", "passed": false, "detail": "rejected", "millis": 1234, "remedy": "run pulumi up."}]}
                """),
                json.readTree(ReportJson.of("tenant1", REPORT).toString()));
    }

    private void write(ReportWriter writer) {
        REPORT.results().forEach(writer::result);
        writer.end(REPORT);
    }
}
