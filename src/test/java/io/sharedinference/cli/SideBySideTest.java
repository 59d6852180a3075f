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
        String text = BOTH.text(Terminal.NONE);
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
