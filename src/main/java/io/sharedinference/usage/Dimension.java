package io.sharedinference.usage;

import java.util.Arrays;

/** What usage can be grouped by. */
public enum Dimension {
    TENANT("tenant", "tenant"),
    MODEL("model", "gen_ai_request_model"),
    USER("user", "user");

    private final String text;
    private final String label;

    Dimension(String text, String label) {
        this.text = text;
        this.label = label;
    }

    /**
     * Parses the spelling of the command line.
     *
     * @throws IllegalArgumentException for any other string
     */
    public static Dimension parse(String text) {
        return Arrays.stream(values())
                .filter(dimension -> dimension.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown dimension: " + text));
    }

    /** The label of the metrics. */
    String label() {
        return label;
    }

    /** The spelling of the command line and of JSON and CSV. */
    @Override
    public String toString() {
        return text;
    }
}
