package io.sharedinference.standins.inference;

import io.sharedinference.standins.server.Call;
import io.sharedinference.standins.server.Refusal;
import java.time.Duration;

/** How an answer is generated: so many events, so far apart, each padded with so many bytes. */
record Pace(int events, Duration delay, int padding) {
    private static final int MOST = 1_000_000;

    /** @throws IllegalArgumentException when one is no number from 0 to a million */
    static Pace of(String events, String delayMillis, String padding) {
        return new Pace(number(events), Duration.ofMillis(number(delayMillis)), number(padding));
    }

    /**
     * This pace, but as the headers x-stand-in-events, x-stand-in-delay-ms and x-stand-in-padding of a call want it.
     *
     * @throws Refusal 400 when one is no number from 0 to a million
     */
    Pace askedBy(Call call) {
        try {
            return of(
                    call.header("x-stand-in-events").orElse("" + events),
                    call.header("x-stand-in-delay-ms").orElse("" + delay.toMillis()),
                    call.header("x-stand-in-padding").orElse("" + padding));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "bad_request", "an x-stand-in header: " + e.getMessage());
        }
    }

    private static int number(String text) {
        int number = Integer.parseInt(text);
        if (number < 0 || number > MOST) {
            throw new IllegalArgumentException(text + " isn't from 0 to " + MOST);
        }
        return number;
    }
}
