package io.sharedinference.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A period in slices of the same length, such as days.
 *
 * @param from inclusive, as in Prometheus's blocks: a query for one slice need not open the next block
 */
public record Period(Instant from, Duration slice, int slices) {

    private static final Pattern LENGTH = Pattern.compile("([1-9][0-9]{0,2})([dhm])");

    /** @param length such as 30d, 12h or 45m; the result is empty for any other string */
    public static Optional<Period> since(String length, Instant now) {
        var matcher = LENGTH.matcher(length);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int slices = Integer.parseInt(matcher.group(1));
        var slice = switch (matcher.group(2)) {
            case "d" -> Duration.ofDays(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofMinutes(1);
        };
        var to = now.truncatedTo(ChronoUnit.SECONDS);
        return Optional.of(new Period(to.minus(slice.multipliedBy(slices)), slice, slices));
    }

    /** Whole days in UTC, from the first to the last. */
    public static Period days(LocalDate first, LocalDate last) {
        return new Period(
                first.atStartOfDay(ZoneOffset.UTC).toInstant(),
                Duration.ofDays(1),
                Math.toIntExact(ChronoUnit.DAYS.between(first, last) + 1));
    }

    public Instant to() {
        return start(slices);
    }

    public Instant start(int index) {
        return from.plus(slice.multipliedBy(index));
    }

    /** The last instant of a slice, in Prometheus's milliseconds; -1 is the slice before the period. */
    Instant last(int index) {
        return start(index + 1).minusMillis(1);
    }
}
