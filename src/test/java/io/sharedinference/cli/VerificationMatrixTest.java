package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.HopResult;
import io.sharedinference.verify.VerificationReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerificationMatrixTest {

    private static final VerificationMatrix BOTH = new VerificationMatrix(List.of(
            new VerificationMatrix.Column(
                    "blue",
                    Optional.of(new VerificationReport(List.of(
                            new HopResult.Passed(Hop.DNS, "found", Duration.ofMillis(3)),
                            new HopResult.Failed(Hop.CONNECT, "refused", "start it.", Duration.ofMillis(4))))),
                    Optional.empty()),
            new VerificationMatrix.Column("green", Optional.empty(), Optional.of("no token"))));

    @Test
    void listsFixesBelowOneRowPerHop() {
        String text = BOTH.text(Terminal.NONE, 200);
        assertTrue(text.startsWith("HOP                             blue  green\n"), text);
        assertTrue(text.contains("DNS name of the tenant's API    ok    -\n"), text);
        assertTrue(text.contains("connection to the tenant's API  FAIL  -\n"), text);
        assertTrue(text.endsWith("""

                        blue: connection to the tenant's API: refused
                          Fix: start it.

                        green: no token
                        """), text);
        assertFalse(BOTH.passed());
    }

    @Test
    void splitsWideMatricesIntoSeveralTables() {
        var column = BOTH.columns().get(0);
        var names = List.of("a-tenant-with-a-long-name", "another-tenant-with-a-long-name", "third");
        var columns = names.stream()
                .map(name -> new VerificationMatrix.Column(name, column.report(), Optional.empty()))
                .toList();
        String text = new VerificationMatrix(columns).text(Terminal.NONE, 80);
        var table = text.substring(0, text.indexOf("\na-tenant-with-a-long-name: "));
        assertTrue(table.lines().allMatch(line -> line.length() <= 80), text);
        assertTrue(names.stream().allMatch(table::contains), text);
    }

    @Test
    void unknownResultsAreNotFailures() {
        var report = new VerificationReport(List.of(new HopResult.Unknown(Hop.PODS, "no rights", Duration.ZERO)));
        assertTrue(report.passed());
        assertTrue(ReportJson.of("blue", report).at("/hops/0/passed").isNull());
    }

    @Test
    void rendersJson() throws Exception {
        ObjectMapper json = new ObjectMapper();
        assertEquals(json.readTree("""
                {"passed": false, "tenants": [
                  {"stack": "blue", "passed": false, "hops": [
                    {"hop": "dns", "passed": true, "detail": "found", "millis": 3},
                    {"hop": "connect", "passed": false, "detail": "refused", "millis": 4, "remedy": "start it."}]},
                  {"stack": "green", "passed": false, "error": "no token"}]}
                """), json.readTree(BOTH.json()));
    }
}
