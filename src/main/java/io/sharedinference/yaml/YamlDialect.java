package io.sharedinference.yaml;

/** What Go's two YAML libraries make of the same text. */
public enum YamlDialect {
    /** go.yaml.in/yaml/v2, through which Helm and kubectl read: YAML 1.1 with {@code yes} and {@code y}, dates as strings. */
    HELM,
    /** gopkg.in/yaml.v3, through which Pulumi reads: only {@code true} and {@code false}, keys are strings and unique. */
    PULUMI
}
