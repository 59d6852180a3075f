package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.Report;
import io.sharedinference.verify.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SideBySideTest {

    private static final SideBySide BOTH = new SideBySide(List.of(
            new SideBySide.Column(
                    "blue",
                    Optional.of(new Report(List.of(
                            new Step.Passed(Hop.DNS, "found", Duration.ofMillis(3)),
                            new Step.Failed(Hop.CONNECT, "refused", "Start it.", Duration.ofMillis(4))))),
                    Optional.empty()),
            new SideBySide.Column("green", Optional.empty(), Optional.of("no token"))));

    @Test
    void aRowPerHopAndBelowWhatToDo() {
        String text = BOTH.text(Terminal.NONE, 200);
        assertTrue(text.startsWith("HOP                                  blue  green\n"), text);
        assertTrue(text.contains("name of the tenant's API             ok    -\n"), text);
        assertTrue(text.contains("connection to the tenant's API       FAIL  -\n"), text);
        assertTrue(text.endsWith("""

                        blue: connection to the tenant's API: refused
                          What to do: Start it.

                        green: no token
                        """), text);
        assertFalse(BOTH.passed());
    }

    @Test
    void whatIsWiderThanTheTerminalComesInSeveralTables() {
        var column = BOTH.columns().get(0);
        var names = List.of("a-tenant-with-a-long-name", "another-tenant-with-a-long-name", "third");
        var columns = names.stream()
                .map(name -> new SideBySide.Column(name, column.report(), Optional.empty()))
                .toList();
        String text = new SideBySide(columns).text(Terminal.NONE, 80);
        var table = text.substring(0, text.indexOf("\na-tenant-with-a-long-name: "));
        assertTrue(table.lines().allMatch(line -> line.length() <= 80), text);
        assertTrue(names.stream().allMatch(table::contains), text);
    }

    @Test
    void whatCouldNotBeFoundOutIsNoFailure() {
        var report = new Report(List.of(new Step.Unknown(Hop.PODS, "no rights", Duration.ZERO)));
        assertTrue(report.passed());
        assertTrue(JsonReport.describe("blue", report).at("/hops/0/passed").isNull());
    }

    @Test
    void aProgramGetsJson() throws Exception {
        ObjectMapper json = new ObjectMapper();
        assertEquals(json.readTree("""
                {"passed": false, "tenants": [
                  {"stack": "blue", "passed": false, "hops": [
                    {"hop": "dns", "passed": true, "detail": "found", "millis": 3},
                    {"hop": "connect", "passed": false, "detail": "refused", "millis": 4, "remedy": "Start it."}]},
                  {"stack": "green", "passed": false, "trouble": "no token"}]}
                """), json.readTree(BOTH.json()));
    }
}
