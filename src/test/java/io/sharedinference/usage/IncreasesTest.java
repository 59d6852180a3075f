package io.sharedinference.usage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Prometheus, compared with what a simple reading of the same samples gives. */
class IncreasesTest {

    private static final String METRIC = "gen_ai_client_token_usage_sum";
    private static final Instant FROM = Instant.parse("2026-06-03T00:00:00Z");
    private static final Period PERIOD = new Period(FROM, Duration.ofHours(1), 8);
    private static final Instant TO = PERIOD.to();
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    @Test
    void countsExactlyInGeneratedHistories() {
        long seed = Long.getLong("usage.seed", 20_261_127);
        var random = new Random(seed);
        var histories = new ArrayList<History>();
        for (int pod = 0; pod < 60; pod++) {
            for (var type : List.of("input", "output")) {
                histories.add(History.generated(
                        labels("tenant" + pod % 3, "pod-" + pod, type), random, FROM.minusSeconds(6 * 3600), TO));
            }
        }
        check(histories, "seed " + seed);
    }

    @Test
    void countsExactlyWhereProcessesRestart() {
        long seed = Long.getLong("usage.seed", 20_261_128);
        var random = new Random(seed);
        var starts = new StringBuilder();
        var counters = new StringBuilder();
        var expected = new HashMap<Map<String, String>, long[]>();
        for (int pod = 0; pod < 60; pod++) {
            var target = Map.of("tenant", "tenant" + pod % 3, "namespace", "tenant" + pod % 3, "pod", "pod-" + pod / 2);
            var histories = History.ofPod(target, random, FROM.minusSeconds(6 * 3600), TO);
            starts.append(histories.get(0).openMetrics("process_start_time_seconds"));
            histories.subList(1, 3).forEach(counter -> {
                counters.append(counter.openMetrics(METRIC));
                expected.put(counter.labels(), counter.increases(PERIOD, histories.get(0)));
            });
        }
        try (var prometheus = RealPrometheus.with(directory, starts.toString() + counters)) {
            var found = read(prometheus, List.of());
            expected.forEach((labels, increases) -> assertArrayEquals(
                    increases, found.getOrDefault(labels, new long[PERIOD.slices()]), () -> labels + " seed " + seed));
        }
    }

    @Test
    void countsFromZeroWhatBeginsInThePeriod() {
        check(List.of(
                History.steady(labels("blue", "a", "input"), FROM.plusSeconds(90), FROM.plusSeconds(4000), 1000, 7),
                History.steady(labels("blue", "b", "input"), FROM.plusSeconds(5000), FROM.plusSeconds(5000), 17, 0)));
    }

    @Test
    void leavesOutWhatWasCountedBefore() {
        check(List.of(
                History.steady(labels("blue", "steady", "input"), FROM.minus(DAY), TO.plus(DAY), 1_000_000, 3),
                History.steady(labels("blue", "ended", "input"), FROM.minus(DAY), FROM.minusSeconds(120), 500, 1),
                History.steady(labels("blue", "later", "input"), TO.plusSeconds(60), TO.plus(DAY), 500, 1)));
    }

    @Test
    void continuesAfterAPauseAtTheBeginning() {
        var before = History.steady(
                labels("blue", "paused", "input"), FROM.minus(DAY), FROM.minusSeconds(7200), 1_000_000, 3);
        var after = History.steady(before.labels(), FROM.plusSeconds(7200), TO, 9_000_000, 3);
        check(List.of(joined(before, after)));
    }

    @Test
    void noticesRestartsBetweenSlices() {
        var end = FROM.plusSeconds(3600);
        var ended = History.steady(labels("blue", "a", "input"), FROM.minus(DAY), end.minusSeconds(30), 100, 1);
        var restarted = History.steady(ended.labels(), end.plusSeconds(30), TO, 0, 1_000_000);
        var missed = History.steady(labels("blue", "b", "input"), FROM.minus(DAY), end.minusSeconds(900), 100, 1);
        var found = History.steady(missed.labels(), end.plusSeconds(900), TO, 0, 1_000_000);
        check(List.of(joined(ended, restarted), joined(missed, found)));
    }

    @Test
    void keepsLargeNumbersExact() {
        check(List.of(History.steady(labels("blue", "a", "input"), FROM.minus(DAY), TO, (1L << 53) - 10_000_000, 1)));
    }

    @Test
    void selectsTenantsByWholeName() {
        var blue = History.steady(labels("blue", "a", "input"), FROM, TO, 1, 1);
        var all = List.of(
                blue,
                History.steady(labels("blue2", "b", "input"), FROM, TO, 1, 1),
                History.steady(labels("bxue", "c", "input"), FROM, TO, 1, 1));
        try (var prometheus = prometheus(all)) {
            var found = read(prometheus, List.of("blue", "b.ue"));
            assertEquals(Set.of(blue.labels()), found.keySet());
        }
    }

    private void check(List<History> histories, String... hints) {
        try (var prometheus = prometheus(histories)) {
            var found = read(prometheus, List.of());
            for (var history : histories) {
                assertArrayEquals(
                        history.increases(PERIOD),
                        found.getOrDefault(history.labels(), new long[PERIOD.slices()]),
                        () -> history.labels() + " " + String.join(" ", hints));
            }
        }
    }

    private static Map<Map<String, String>, long[]> read(RealPrometheus server, List<String> tenants) {
        var prometheus = new Prometheus(server.url());
        return Increases.of(
                prometheus, PERIOD, new Counters(METRIC, tenants), Processes.read(prometheus, PERIOD, tenants));
    }

    private RealPrometheus prometheus(List<History> histories) {
        return RealPrometheus.with(
                directory,
                histories.stream().map(history -> history.openMetrics(METRIC)).collect(Collectors.joining()));
    }

    private static History joined(History first, History second) {
        var samples = new ArrayList<>(first.samples());
        samples.addAll(second.samples());
        return new History(first.labels(), samples);
    }

    private static Map<String, String> labels(String tenant, String pod, String type) {
        return Map.of(
                "tenant", tenant,
                "namespace", tenant,
                "pod", pod,
                "gen_ai_request_model", "llama",
                "gen_ai_token_type", type);
    }
}
