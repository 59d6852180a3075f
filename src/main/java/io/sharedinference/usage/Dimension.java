package io.sharedinference.usage;

/** What usage can be grouped by, as it is spelled on the command line. */
public enum Dimension {
    tenant("tenant"),
    model("gen_ai_request_model"),
    user("user");

    private final String label;

    Dimension(String label) {
        this.label = label;
    }

    /** The label of the metrics. */
    String label() {
        return label;
    }
}
