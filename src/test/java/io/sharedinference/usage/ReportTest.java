package io.sharedinference.usage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Period DAY = Period.days(LocalDate.EPOCH, LocalDate.EPOCH);

    @Test
    void sortsByTokensAndAddsUpWhatHasTheSameNames() {
        var usage = new Usage(
                DAY,
                List.of(entry("blue", "small", 1), entry("green", "large", 5), entry("blue", "large", 2)),
                List.of());
        var report = usage.report(List.of(Dimension.MODEL));
        assertEquals(
                List.of(List.of("large"), List.of("small")),
                report.rows().stream().map(Report.Row::names).toList());
        assertEquals(new Amount(7, 0, 0), report.rows().get(0).amount());
        assertEquals("87.50", report.rows().get(0).share().toPlainString());
        assertEquals(new Amount(8, 0, 0), report.total());
    }

    @Test
    void sharesAddUpToTheWhole() {
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var parts = random.longs(1 + random.nextInt(1000), 0, 1L << random.nextInt(1, 50))
                    .boxed()
                    .toList();
            boolean some = parts.stream().anyMatch(part -> part > 0);
            assertEquals(some ? 10_000 : 0, Arrays.stream(Report.shares(parts)).sum(), parts.toString());
        }
        assertArrayEquals(new long[] {3334, 3333, 3333}, Report.shares(List.of(1L, 1L, 1L)));
    }

    private static Entry entry(String tenant, String model, long tokens) {
        return new Entry(Map.of(Dimension.TENANT, tenant, Dimension.MODEL, model), List.of(new Amount(tokens, 0, 0)));
    }
}
