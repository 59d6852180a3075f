package io.sharedinference.usage;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How long Prometheus keeps samples: {@code 15d}, {@code 1y2w}, or, with a limit of size, {@code 15d or 10GiB}. */
final class Retention {

    private static final Pattern WHOLE = Pattern.compile("(\\d+(ms|[ywdhms]))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|[ywdhms])");
    private static final Map<String, Duration> UNITS = Map.of(
            "y", Duration.ofDays(365),
            "w", Duration.ofDays(7),
            "d", Duration.ofDays(1),
            "h", Duration.ofHours(1),
            "m", Duration.ofMinutes(1),
            "s", Duration.ofSeconds(1),
            "ms", Duration.ofMillis(1));

    private Retention() {}

    /** Empty if there is no limit of time. */
    static Optional<Duration> parse(String text) {
        return Stream.of(text.split(" or "))
                .filter(limit -> WHOLE.matcher(limit).matches())
                .findFirst()
                .map(limit -> PART.matcher(limit)
                        .results()
                        .map(part -> UNITS.getOrDefault(part.group(2), Duration.ZERO)
                                .multipliedBy(Long.parseLong(part.group(1))))
                        .reduce(Duration.ZERO, Duration::plus));
    }
}
