package io.sharedinference.tenants;

import java.util.function.Consumer;

/** Told what is being done, step by step. */
public interface Progress {

    /**
     * Does one step. What it throws ends the command.
     *
     * @param work is given a listener for what its tools print, and answers what came of it, in a few words
     */
    void step(String title, Step work);

    /** Part of a command. */
    @FunctionalInterface
    interface Step {
        String run(Consumer<String> listener);
    }
}
