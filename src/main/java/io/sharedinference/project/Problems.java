package io.sharedinference.project;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that all of it is reported at once. Not thread-safe. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    public void add(Problem problem) {
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /** Whether something is wrong with this very key, file or stack: what builds on it needn't be checked then. */
    public boolean about(String subject) {
        return found.stream().anyMatch(problem -> problem.subject().equals(subject));
    }

    public List<Problem> all() {
        return List.copyOf(found);
    }

    /** @throws ConfigException when anything was found */
    public void throwIfAny(String stack) {
        if (!found.isEmpty()) {
            throw new ConfigException(stack, found);
        }
    }
}
