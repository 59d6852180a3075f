package io.sharedinference.project;

import java.util.Map;

/** Labels and annotations that a stack adds to its namespace. */
public record NamespaceMetadata(Map<String, String> labels, Map<String, String> annotations) {

    public NamespaceMetadata {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    static NamespaceMetadata read(SettingsReader settings) {
        return new NamespaceMetadata(
                settings.stringMap(
                        Key.NAMESPACE_LABELS,
                        "must be valid Kubernetes labels",
                        entry -> Rules.isPodLabel(entry.getKey(), entry.getValue())),
                settings.stringMap(
                        Key.NAMESPACE_ANNOTATIONS,
                        "must be valid Kubernetes annotations",
                        entry -> Rules.isPodLabel(entry.getKey(), "")));
    }

    public boolean isEmpty() {
        return labels.isEmpty() && annotations.isEmpty();
    }
}
