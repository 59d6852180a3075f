package io.sharedinference.verify;

import java.time.Duration;

/** The result of one hop. No field contains a token. */
public sealed interface HopResult {

    Hop hop();

    /** What was observed. */
    String detail();

    Duration duration();

    record Passed(Hop hop, String detail, Duration duration) implements HopResult {}

    /** The hop could not be checked, for the reason in {@code detail}. */
    record Unknown(Hop hop, String detail, Duration duration) implements HopResult {}

    /** @param fix the instruction to the user */
    record Failed(Hop hop, String detail, String fix, Duration duration) implements HopResult {}
}
