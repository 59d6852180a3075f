package io.sharedinference.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {

    @ParameterizedTest
    @CsvSource({"15d, P15D", "15d or 10GiB, P15D", "1w2d, P9D", "1h30m, PT1H30M", "500ms, PT0.5S", "10GiB,", "'',"})
    void readsWhatPrometheusPrints(String text, Duration expected) {
        assertEquals(Optional.ofNullable(expected), Retention.parse(text));
    }
}
