package io.sharedinference.tenants;

import java.util.function.Consumer;

/** Reports the steps of a command. */
public interface Progress {

    /**
     * Runs one step. An exception ends the command.
     *
     * @param work receives a listener for the output of its tools, and returns a short result
     */
    void step(String title, Step work);

    /** A step of a command. */
    @FunctionalInterface
    interface Step {
        String run(Consumer<String> listener);
    }
}
