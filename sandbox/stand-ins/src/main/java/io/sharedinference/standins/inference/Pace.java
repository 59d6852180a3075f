package io.sharedinference.standins.inference;

import io.sharedinference.standins.server.Call;
import io.sharedinference.standins.server.HttpError;
import java.time.Duration;

/** How a response is generated: the number of events, the delay between them, and the padding of each in bytes. */
record Pace(int events, Duration delay, int padding) {
    private static final int MAX = 1_000_000;

    /** @throws IllegalArgumentException if a value is not a number from 0 to 1000000 */
    static Pace of(String events, String delayMillis, String padding) {
        return new Pace(number(events), Duration.ofMillis(number(delayMillis)), number(padding));
    }

    /**
     * This pace, overridden by the headers x-stand-in-events, x-stand-in-delay-ms and x-stand-in-padding of a call.
     *
     * @throws HttpError 400 if a header is not a number from 0 to 1000000
     */
    Pace overriddenBy(Call call) {
        try {
            return of(
                    call.header("x-stand-in-events").orElse("" + events),
                    call.header("x-stand-in-delay-ms").orElse("" + delay.toMillis()),
                    call.header("x-stand-in-padding").orElse("" + padding));
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, "bad_request", "invalid x-stand-in header: " + e.getMessage());
        }
    }

    private static int number(String text) {
        int number = Integer.parseInt(text);
        if (number < 0 || number > MAX) {
            throw new IllegalArgumentException(text + " is not a number from 0 to " + MAX);
        }
        return number;
    }
}
