package io.sharedinference.proxy.relay;

/** The phases of draining. Written by the listener, read on every event loop. */
final class DrainState {
    private volatile boolean announced;
    private volatile boolean closesIdle;

    /** From now on, responses announce that their connection closes. */
    void announce() {
        announced = true;
    }

    /** From now on, idle connections are closed. */
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
