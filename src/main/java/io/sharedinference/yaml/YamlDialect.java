package io.sharedinference.yaml;

/** The dialects of Go's two YAML libraries. */
public enum YamlDialect {
    /** go.yaml.in/yaml/v2, used by Helm and kubectl: YAML 1.1 with {@code yes} and {@code y}, dates as strings. */
    HELM,
    /** gopkg.in/yaml.v3, used by Pulumi: only {@code true} and {@code false}, keys are strings and unique. */
    PULUMI
}
