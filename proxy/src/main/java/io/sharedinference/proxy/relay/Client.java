package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.telemetry.UsageScanner;

/** The client of one exchange, as the exchange sees it. Confined to its event loop. */
interface Client {
    /** What has come of the request's body and isn't forwarded yet. */
    ReceiveBuffer pending();

    UsageScanner requestScan();

    UsageScanner responseScan();

    ClientSocket socket();

    /** Goes on with what has come: the request's body has somewhere to go. */
    void advance();

    /** Reads as long as somebody takes the bytes, or few are waiting. */
    void updateReading();

    /** Throws away the rest of a request that won't be forwarded; says whether all of it had come. */
    boolean skipped(Body body);

    /** The exchange is over; {@code whole} says that nothing of its request is still to come. */
    void ended(boolean persistent, boolean whole);

    /** Breaks off in mid-answer; {@code unframed} asks for a reset, since a plain end would look like a good one. */
    void abort(boolean unframed);
}
