package io.sharedinference.verify;

import java.time.Duration;

/** What came of one hop. No field holds a token. */
public sealed interface Step {

    Hop hop();

    /** What was found there. */
    String detail();

    Duration took();

    record Passed(Hop hop, String detail, Duration took) implements Step {}

    /** It couldn't be found out. @param detail why */
    record Unknown(Hop hop, String detail, Duration took) implements Step {}

    /** @param remedy what to do about it */
    record Failed(Hop hop, String detail, String remedy, Duration took) implements Step {}
}
