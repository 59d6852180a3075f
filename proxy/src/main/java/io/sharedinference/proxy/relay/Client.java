package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.telemetry.UsageScanner;

/** The client connection, as its exchange uses it. Confined to its event loop. */
interface Client {
    /** Received bytes that are not consumed yet. */
    ReceiveBuffer pending();

    UsageScanner requestScan();

    UsageScanner responseScan();

    ClientSocket socket();

    /** Processes received bytes: the request body can now be forwarded. */
    void advance();

    /** Turns reading on or off, by how many bytes are waiting. */
    void updateReading();

    /** The exchange has ended. {@code whole}: the request was received completely. */
    void ended(boolean persistent, boolean whole);

    /** Aborts a response. {@code unframed} resets the connection, since closing it would look like a complete body. */
    void abort(boolean unframed);
}
