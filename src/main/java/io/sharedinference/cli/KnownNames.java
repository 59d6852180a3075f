package io.sharedinference.cli;

import io.sharedinference.project.Spelling;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The valid names for an argument.
 *
 * @param missing format of the error message for an unknown name
 */
record KnownNames(Collection<String> known, String missing) {

    private static final int SUGGESTIONS = 3;
    private static final int SHORTEST_TOKEN = 32;

    /** @throws CommandException with similar names if the name is unknown */
    String require(String name) {
        if (known.contains(name)) {
            return name;
        }
        throw new CommandException(
                missing.formatted(mayBeToken(name) ? "(name withheld, since it may be a token)" : name) + ".\nFix: "
                        + fix(name));
    }

    /** An argument is printed only if it looks like a name. */
    private static boolean mayBeToken(String name) {
        return name.length() >= SHORTEST_TOKEN || !name.matches("[-\\w.]+");
    }

    private String fix(String name) {
        var similar = known.stream()
                .filter(other -> Spelling.isNear(name, other))
                .sorted(Comparator.comparingInt((String other) -> Spelling.distance(name, other))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SUGGESTIONS)
                .collect(Collectors.joining(" or "));
        if (!similar.isEmpty()) {
            return "did you mean " + similar + "?";
        }
        return known.isEmpty()
                ? "pass the project directory with --cwd DIR."
                : "use one of: " + String.join(", ", new TreeSet<>(known)) + ".";
    }
}
