package io.sharedinference.proxy.relay;

import java.net.InetAddress;

/** Something of an event loop that holds memory and waits for others. Confined to its event loop. */
interface TrackedConnection {
    /** Bytes of memory that it holds. */
    long heldBytes();

    /** For whom it holds them. */
    InetAddress address();

    /** Gives the memory that it holds back: others need it more. */
    void shedMemory();

    /** Ends what has waited too long. */
    void sweep(long now);
}
