package io.sharedinference.program;

import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.util.Optional;

/** Where an installation's inference runs. Either PhariaInference is on or the proxy in its place, never both or neither. */
enum Inference {
    HERE,
    ELSEWHERE;

    private static final String INFERENCE = "global.inference.enabled";
    private static final String PROXY = "inference-api-proxy.enabled";

    /** The user's values may leave both switches out, or say what is so anyway. */
    public void check(UserValues values, Problems problems) {
        checkSwitch(INFERENCE, this == HERE, values, problems);
        checkSwitch(PROXY, this == ELSEWHERE, values, problems);
    }

    private void checkSwitch(String path, boolean demanded, UserValues values, Problems problems) {
        values.checkParents(path, problems);
        var set = values.merged().at(path);
        if (set.isPresent() && !set.get().equals(demanded)) {
            problems.add(new Problem(
                    values.nameOfSetting(path) + ": " + path,
                    Optional.of(set.get().toString()),
                    "must be " + demanded + (set.get() instanceof Boolean ? " " : ", and no other type of value, ")
                            + reason(),
                    "remove this line: the program sets it"));
        }
    }

    private String reason() {
        return this == HERE
                ? "in the shared installation, which runs PhariaInference for all and has no proxy"
                : "in a tenant, where the inference API proxy stands in PhariaInference's place";
    }

    /**
     * Sets both switches, whatever the values say.
     *
     * @throws IllegalStateException if they then aren't as they must be: the last line of defence, and an error of this program
     */
    public Values enforce(Values values) {
        var enforced = values.merge(Values.of(INFERENCE, this == HERE)).merge(Values.of(PROXY, this == ELSEWHERE));
        if (!enforced.at(INFERENCE).equals(Optional.of(this == HERE))
                || !enforced.at(PROXY).equals(Optional.of(this == ELSEWHERE))) {
            throw new IllegalStateException("inference and its proxy would both be on, or both off");
        }
        return enforced;
    }
}
