package io.sharedinference.cli;

import java.util.Map;
import java.util.Optional;

/** How wide the output may be. */
final class Columns {

    private static final int ANY = Integer.MAX_VALUE;

    private Columns() {}

    /** What the launcher saw of the terminal on standard output; a file or pipe takes any width. */
    static int of(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("TENANT_COLUMNS"))
                .filter(value -> value.matches("[1-9]\\d{1,5}"))
                .map(Integer::parseInt)
                .orElse(ANY);
    }
}
