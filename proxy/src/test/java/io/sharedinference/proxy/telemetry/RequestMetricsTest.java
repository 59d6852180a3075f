package io.sharedinference.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients choose label values, and a scrape is built in memory, so the number of series is bounded. */
class RequestMetricsTest {
    private static final List<Route> OPERATIONS = List.of(Route.values()).stream()
            .filter(route -> !route.operation().isEmpty())
            .toList();

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final RequestMetrics metrics = new RequestMetrics(registry, true);

    @Test
    void operationsWithModelsAreBounded() {
        for (Route route : OPERATIONS) {
            for (int model = 0; model < 200; model++) {
                metrics.model(route, metrics.modelLabel(route, "model-" + model, true));
            }
        }
        assertSeries("gen_ai_server_request_duration_seconds", 300, OPERATIONS.size());
        assertSeries("gen_ai_server_time_to_first_token_seconds", 300, OPERATIONS.size());
    }

    @Test
    void failuresOfOperationsAreBounded() {
        for (int model = 0; model < 100; model++) {
            metrics.modelLabel(Route.CHAT, "model-" + model, true);
            for (int status : new int[] {400, 401, 403, 404, 413, 429, 500, 503}) {
                metrics.failedOperation(Route.CHAT, "model-" + model, status, 1);
            }
        }
        assertSeries("gen_ai_server_request_duration_seconds", 300, 8);
    }

    @Test
    void responseMetricsAreBounded() {
        for (Route route : Route.values()) {
            for (String method : List.of("GET", "POST", "PUT", "_OTHER")) {
                IntStream.range(400, 500).forEach(status -> metrics.requests(method, route, status));
            }
        }
        assertSeries("http_server_request_duration_seconds", 1_000, 100);
    }

    @Test
    void usersAreBounded() {
        List<String> models = List.of("a", "b", "c", "d", "e");
        models.forEach(model -> metrics.modelLabel(Route.CHAT, model, true));
        for (int user = 0; user < 3_000; user++) {
            for (String model : models) {
                metrics.userTokens("user-" + user, model, "input", 1);
            }
        }
        assertSeries("inference_proxy_user_tokens", 2_000, 1_001);
    }

    /** At most {@code max} series with their own labels, and {@code shared} series for all others. */
    private void assertSeries(String name, int max, int shared) {
        int series = registry.scrape(found -> found.equals(name)).stream()
                .mapToInt(snapshot -> snapshot.getDataPoints().size())
                .sum();
        assertTrue(series >= max / 2 && series <= max + shared, name + ": " + series);
    }
}
