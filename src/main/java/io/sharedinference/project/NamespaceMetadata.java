package io.sharedinference.project;

import java.util.Map;

/** What a stack sets on its namespace, beside what others do. */
public record NamespaceMetadata(Map<String, String> labels, Map<String, String> annotations) {

    public NamespaceMetadata {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    static NamespaceMetadata read(SettingsReader settings) {
        return new NamespaceMetadata(
                settings.stringMap(
                        Key.NAMESPACE_LABELS,
                        "must be labels that are well-formed for Kubernetes",
                        entry -> Rules.isPodLabel(entry.getKey(), entry.getValue())),
                settings.stringMap(
                        Key.NAMESPACE_ANNOTATIONS,
                        "must be annotations that are well-formed for Kubernetes",
                        entry -> Rules.isPodLabel(entry.getKey(), "")));
    }

    public boolean isEmpty() {
        return labels.isEmpty() && annotations.isEmpty();
    }
}
