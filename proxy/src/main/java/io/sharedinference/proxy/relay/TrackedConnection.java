package io.sharedinference.proxy.relay;

import java.net.InetAddress;

/** A connection whose memory and timeouts an event loop tracks. Confined to its event loop. */
interface TrackedConnection {
    /** Memory in use, in bytes. */
    long heldBytes();

    /** The client's address. */
    InetAddress address();

    /** Frees its memory by ending its exchange. */
    void shedMemory();

    /** Checks the timeouts. */
    void sweep(long now);
}
