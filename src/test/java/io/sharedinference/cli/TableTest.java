package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.tenants.TenantStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    private static final String REASON = "unknown: request to the cluster of context north failed: the server says"
            + " Unauthorized, and goes on to say more than a line of a terminal takes";

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 120, 200})
    void fitsTheTerminalAndKeepsTenantsAndHealth(int width) {
        String text = ListCommand.table(tenants("ok", REASON), width);
        assertTrue(text.lines().allMatch(line -> line.length() <= width), text);
        assertTrue(text.contains("TENANT") && text.contains("HEALTH"), text);
        assertTrue(text.contains("tenant0") && text.contains("tenant1"), text);
        assertTrue(words(text).contains("unknown:") && words(text).contains("Unauthorized,"), text);
    }

    @Test
    void namesOmittedColumns() {
        String text = ListCommand.table(tenants("ok"), 80);
        assertTrue(text.contains("Columns not shown: IMAGE, CHART"), text);
        assertTrue(text.contains("--json prints all columns."), text);
    }

    @Test
    void printsAllColumnsOnWideTerminalsAndToFiles() {
        for (int width : List.of(200, Integer.MAX_VALUE)) {
            String text = ListCommand.table(tenants("ok", REASON), width);
            assertTrue(text.contains("IMAGE") && text.contains("DRIFT"), text);
            assertFalse(text.contains("not shown"), text);
        }
        assertEquals(
                3,
                ListCommand.table(tenants("ok", REASON), Integer.MAX_VALUE)
                        .lines()
                        .count());
    }

    private static List<String> words(String text) {
        return List.of(text.split("\\s+"));
    }

    private static List<TenantStatus> tenants(String... health) {
        var tenants = new ArrayList<TenantStatus>();
        for (var state : health) {
            var name = "tenant" + tenants.size();
            tenants.add(new TenantStatus(
                    name,
                    name,
                    Optional.of("pharia-" + name),
                    Optional.of("sandbox-north"),
                    Optional.of("pharia-ai 1.2.3"),
                    Optional.of("registry.example.com/inference-api-proxy:1.2.3@sha256:" + "0".repeat(64)),
                    Optional.of(3),
                    state,
                    Optional.of(12L),
                    Optional.of(new TenantStatus.Drift(false, "none"))));
        }
        return tenants;
    }
}
