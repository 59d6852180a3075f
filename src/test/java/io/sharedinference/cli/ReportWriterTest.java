package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.Report;
import io.sharedinference.verify.Step;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportWriterTest {

    private static final Report REPORT = new Report(List.of(
            new Step.Passed(Hop.DNS, "a.example is 10.0.0.1", Duration.ofMillis(3)),
            new Step.Failed(Hop.SHARED_TOKEN, "refused", "Run pulumi up.", Duration.ofMillis(1234))));

    private final StringWriter text = new StringWriter();

    @Test
    void aTerminalGetsSigns() {
        write(new TextReport("tenant1", new PrintWriter(text), new Terminal(true, false)));
        assertEquals("""
                ✓ name of the tenant's API                 3 ms  a.example is 10.0.0.1
                ✗ the tenant's service token            1234 ms  refused
                  What to do: Run pulumi up.
                tenant1 is not verified.
                """, text.toString());
    }

    @Test
    void aLogGetsWords() {
        write(new TextReport("tenant1", new PrintWriter(text), Terminal.NONE));
        assertEquals("""
                ok   name of the tenant's API                 3 ms  a.example is 10.0.0.1
                FAIL the tenant's service token            1234 ms  refused
                  What to do: Run pulumi up.
                tenant1 is not verified.
                """, text.toString());
    }

    @Test
    void aProgramGetsJson() throws Exception {
        write(new JsonReport("tenant1", new PrintWriter(text)));
        ObjectMapper json = new ObjectMapper();
        assertEquals(json.readTree("""
                {"stack": "tenant1", "passed": false, "hops": [
                  {"hop": "dns", "passed": true, "detail": "a.example is 10.0.0.1", "millis": 3},
                  {"hop": "shared-token", "passed": false, "detail": "refused", "millis": 1234, "remedy": "Run pulumi up."}]}
                """), json.readTree(text.toString()));
    }

    private void write(ReportWriter writer) {
        REPORT.steps().forEach(writer::step);
        writer.end(REPORT);
    }
}
