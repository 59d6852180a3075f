package io.sharedinference.cli;

import java.util.Map;

/**
 * How the output may look: signs and colours for people at a terminal, words for logs.
 *
 * @param signs   whether it shows them, and a line may be written over
 * @param colours whether it shows them, and the user hasn't turned them off with {@code NO_COLOR}
 */
record Terminal(boolean signs, boolean colours) {

    static final Terminal NONE = new Terminal(false, false);

    /** What the launcher saw on standard output; Java 17 can't tell it apart from standard input. */
    static Terminal of(Map<String, String> environment) {
        boolean terminal = Boolean.parseBoolean(environment.get("TENANT_TERMINAL"));
        return new Terminal(
                terminal, terminal && environment.getOrDefault("NO_COLOR", "").isEmpty());
    }

    String passed() {
        return signs ? colour(32, "✓") : "ok  ";
    }

    String failed() {
        return signs ? colour(31, "✗") : "FAIL";
    }

    String faint(String text) {
        return colour(2, text);
    }

    private String colour(int code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
