package io.sharedinference.proxy.relay;

/** How far the listener's end has come. Written by the listener, read on every event loop. */
final class DrainState {
    private volatile boolean announced;
    private volatile boolean closesIdle;

    /** From now on answers say that their connection closes. */
    void announce() {
        announced = true;
    }

    /** From now on connections close when nothing runs on them. */
    void closeIdle() {
        announced = true;
        closesIdle = true;
    }

    boolean announced() {
        return announced;
    }

    boolean closesIdle() {
        return closesIdle;
    }
}
