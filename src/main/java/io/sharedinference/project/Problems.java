package io.sharedinference.project;

import java.util.ArrayList;
import java.util.List;

/** Collects problems to report them all at once. Not thread-safe. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    public void add(Problem problem) {
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /** Whether this key, file or stack has a problem, so that dependent checks can be skipped. */
    public boolean about(String subject) {
        return found.stream().anyMatch(problem -> problem.subject().equals(subject));
    }

    public List<Problem> all() {
        return List.copyOf(found);
    }

    /** @throws ConfigException if there are problems */
    public void throwIfAny(String stack) {
        if (!found.isEmpty()) {
            throw new ConfigException(stack, found);
        }
    }
}
