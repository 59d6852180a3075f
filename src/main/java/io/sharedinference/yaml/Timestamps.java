package io.sharedinference.yaml;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Dates and times that Go's libraries recognise in plain scalars. */
final class Timestamps {

    private static final Pattern SHAPE = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})"
            + "(?:[Tt](\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:[.,](\\d+))?(Z|[-+]\\d\\d:\\d\\d)"
            + "| (\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:[.,](\\d+))?)?");
    private static final DateTimeFormatter GO = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter();

    private Timestamps() {}

    /** As Go prints a time; empty if the text is not one. */
    static Optional<String> parse(String text) {
        var shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(printed(shape.toMatchResult()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String printed(MatchResult shape) {
        int time = shape.group(4) != null ? 4 : 9;
        var zone = shape.group(8) == null ? "Z" : shape.group(8);
        var at = OffsetDateTime.of(
                number(shape, 1),
                number(shape, 2),
                number(shape, 3),
                number(shape, time),
                number(shape, time + 1),
                number(shape, time + 2),
                nanos(shape.group(time == 4 ? 7 : 12)),
                ZoneOffset.of(zone));
        var offset = at.getOffset().getTotalSeconds() == 0
                ? "+0000 UTC"
                : zone.replace(":", "") + " " + zone.replace(":", "");
        return GO.format(at) + " " + offset;
    }

    private static int number(MatchResult shape, int group) {
        return shape.group(group) == null ? 0 : Integer.parseInt(shape.group(group));
    }

    private static int nanos(String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
    }
}
