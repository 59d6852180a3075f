package io.sharedinference.chart;

import io.sharedinference.kubernetes.ClusterException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the drift of a stack, object by object. */
final class DriftReport {

    private final String stack;
    private final LiveObjects objects;
    private final Map<String, Object> before = new TreeMap<>();
    private final Map<String, Object> after = new TreeMap<>();
    private final Map<String, String> writers = new TreeMap<>();
    private final Map<String, List<String>> unreadable = new LinkedHashMap<>(); // by cause

    DriftReport(String stack, LiveObjects objects) {
        this.stack = stack;
        this.objects = objects;
    }

    void add(String name, Map<?, ?> deployed) {
        try {
            var live = objects.find(deployed);
            if (live.isPresent() || !objects.mayBeMissing(name, deployed)) {
                before.put(name, objects.withoutIgnoredFields(deployed, deployed));
            }
            live.ifPresent(object -> {
                after.put(name, objects.normalized(object, deployed));
                ManagedFields.of(object).lastWriter().ifPresent(writer -> writers.put(name, writer));
            });
        } catch (ClusterException e) {
            unreadable
                    .computeIfAbsent(e.getMessage(), cause -> new ArrayList<>())
                    .add(name);
        }
    }

    RenderedDiff diff() {
        var live = new Manifest(after);
        var edited = new Comparison(new Manifest(before), live, live).objects();
        var notes = new ArrayList<String>();
        edited.stream()
                .filter(object -> object.kind() == ObjectDiff.Kind.CHANGED)
                .map(object -> object.object() + " was last modified by " + writers.get(object.object()) + ".")
                .forEach(notes::add);
        if (!edited.isEmpty()) {
            notes.add("Fix: ./tenant repair " + stack);
        }
        unreadable.forEach(
                (cause, names) -> notes.add(RenderedDiff.UNCHECKED + String.join(", ", names) + ": " + cause));
        return new RenderedDiff(edited, notes);
    }
}
