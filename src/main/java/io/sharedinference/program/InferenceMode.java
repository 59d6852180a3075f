package io.sharedinference.program;

import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.util.Optional;

/** Where an installation's inference runs. Exactly one of PhariaInference and the inference API proxy is enabled. */
enum InferenceMode {
    /** In this installation, by PhariaInference. */
    LOCAL,
    /** In the shared installation, through the inference API proxy. */
    REMOTE;

    private static final String INFERENCE = "global.inference.enabled";
    private static final String PROXY = "inference-api-proxy.enabled";

    /** The user's values may omit both switches, or set what the program sets anyway. */
    void check(UserValues values, Problems problems) {
        checkSwitch(INFERENCE, this == LOCAL, values, problems);
        checkSwitch(PROXY, this == REMOTE, values, problems);
    }

    private void checkSwitch(String path, boolean expected, UserValues values, Problems problems) {
        values.checkParents(path, problems);
        var set = values.merged().at(path);
        if (set.isPresent() && !set.get().equals(expected)) {
            problems.add(new Problem(
                    values.sourceOf(path) + ": " + path,
                    Optional.of(set.get().toString()),
                    "must be " + (set.get() instanceof Boolean ? "" : "the boolean ") + expected + " " + reason(),
                    "remove this line: the program sets it"));
        }
    }

    private String reason() {
        return this == LOCAL
                ? "in the shared installation, which runs PhariaInference for all tenants"
                : "in a tenant, where the inference API proxy replaces PhariaInference";
    }

    /**
     * Sets both switches.
     *
     * @throws IllegalStateException if they do not take effect, which is a bug in this program
     */
    Values enforce(Values values) {
        var enforced = values.merge(Values.of(INFERENCE, this == LOCAL)).merge(Values.of(PROXY, this == REMOTE));
        if (!enforced.at(INFERENCE).equals(Optional.of(this == LOCAL))
                || !enforced.at(PROXY).equals(Optional.of(this == REMOTE))) {
            throw new IllegalStateException(
                    "exactly one of PhariaInference and the inference API proxy must be enabled");
        }
        return enforced;
    }
}
