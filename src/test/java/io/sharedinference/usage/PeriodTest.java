package io.sharedinference.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:34:56.789Z");

    @Test
    void endsNowAndHasSlicesOfItsUnit() {
        var hours = Period.since("12h", NOW).orElseThrow();
        assertEquals(new Period(Instant.parse("2026-11-27T00:34:56Z"), Duration.ofHours(1), 12), hours);
        assertEquals(Instant.parse("2026-11-27T12:34:56Z"), hours.to());
    }

    @Test
    void includesBothDays() {
        var days = Period.days(LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-30"));
        assertEquals(30, days.slices());
        assertEquals(Instant.parse("2026-12-01T00:00:00Z"), days.to());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "d", "0d", "-3d", "1000d", "3w", "1d ", "1.5h"})
    void rejectsOtherLengths(String length) {
        assertEquals(Optional.empty(), Period.since(length, NOW));
    }
}
