package io.sharedinference.cli;

import io.sharedinference.project.Spelling;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Names that a command may be given.
 *
 * @param missing says of a name that isn't among them what there is not
 */
record Names(Collection<String> known, String missing) {

    private static final int OFFERED = 3;
    private static final int SHORTEST_TOKEN = 32;

    /** @throws CommandException with the nearest ones if it isn't among them */
    String require(String name) {
        if (known.contains(name)) {
            return name;
        }
        throw new CommandException(
                missing.formatted(mayBeToken(name) ? "of that name" : name) + ".\nFix: " + remedy(name));
    }

    /** What is given in a name's place is shown only where it looks like one. */
    private static boolean mayBeToken(String name) {
        return name.length() >= SHORTEST_TOKEN || !name.matches("[-\\w.]+");
    }

    private String remedy(String name) {
        var near = known.stream()
                .filter(other -> Spelling.isNear(name, other))
                .sorted(Comparator.comparingInt((String other) -> Spelling.distance(name, other))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(OFFERED)
                .collect(Collectors.joining(" or "));
        if (!near.isEmpty()) {
            return "did you mean " + near + "?";
        }
        return known.isEmpty()
                ? "name the project's directory with --cwd DIR."
                : "name one of these: " + String.join(", ", new TreeSet<>(known)) + ".";
    }
}
