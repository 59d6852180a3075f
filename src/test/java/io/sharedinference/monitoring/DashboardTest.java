package io.sharedinference.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The layout and variables of the dashboard; the proxy's MonitoringTest runs its queries. */
class DashboardTest {

    private static final int COLUMNS = 24;

    private final JsonNode dashboard;

    DashboardTest() throws IOException {
        dashboard = new ObjectMapper()
                .readTree(Path.of("deploy/monitoring/dashboard.json").toFile());
    }

    @Test
    void panelsDoNotOverlap() {
        var occupied = new HashSet<List<Integer>>();
        for (var panel : dashboard.path("panels")) {
            var position = panel.path("gridPos");
            for (int x = position.path("x").asInt();
                    x < position.path("x").asInt() + position.path("w").asInt();
                    x++) {
                for (int y = position.path("y").asInt();
                        y < position.path("y").asInt() + position.path("h").asInt();
                        y++) {
                    assertTrue(
                            x < COLUMNS && occupied.add(List.of(x, y)),
                            panel.path("title").asText());
                }
            }
        }
    }

    @Test
    void identifiersAreUnique() {
        var ids = new HashSet<Integer>();
        dashboard
                .path("panels")
                .forEach(panel -> assertTrue(ids.add(panel.path("id").asInt()), panel.toString()));
    }

    @Test
    void eachTenantHasARow() {
        assertEquals(List.of("tenant"), dashboard.path("panels").findValuesAsText("repeat"));
    }

    @Test
    void everyQueryUsesBothVariables() {
        dashboard.path("panels").findParents("expr").forEach(target -> {
            assertEquals("${datasource}", target.path("datasource").path("uid").asText());
            assertTrue(target.path("expr").asText().contains("tenant=~\"$tenant\""), target.toString());
        });
    }
}
