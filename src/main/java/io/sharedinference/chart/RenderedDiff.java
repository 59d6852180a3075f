package io.sharedinference.chart;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Differences of a stack's Kubernetes objects. Secrets are masked.
 *
 * @param objects sorted by name
 * @param notes   what could not be compared, and how to fix it
 */
public record RenderedDiff(List<ObjectDiff> objects, List<String> notes) {

    /** Prefix of notes about live objects that could not be compared. */
    static final String UNCHECKED = "Cannot check for drift: ";

    public RenderedDiff {
        objects = List.copyOf(objects);
        notes = List.copyOf(notes);
    }

    /** Without objects, because nothing could be compared. */
    public static RenderedDiff notCompared(String cause) {
        return new RenderedDiff(List.of(), List.of("Cannot compare Kubernetes objects: " + cause));
    }

    static RenderedDiff unchecked(String cause) {
        return new RenderedDiff(List.of(), List.of(UNCHECKED + cause));
    }

    public RenderedDiff with(List<String> more) {
        return new RenderedDiff(
                objects, Stream.concat(notes.stream(), more.stream()).toList());
    }

    /** Notes about live objects that could not be compared. */
    public List<String> unchecked() {
        return notes.stream().filter(note -> note.startsWith(UNCHECKED)).toList();
    }

    public long count(ObjectDiff.Kind kind) {
        return objects.stream().filter(object -> object.kind() == kind).count();
    }

    /** For example {@code 1 added, 2 changed}; empty without differences. */
    public String summary() {
        return String.join(
                ", ",
                Arrays.stream(ObjectDiff.Kind.values())
                        .filter(kind -> count(kind) > 0)
                        .map(kind -> count(kind) + " " + kind.text())
                        .toList());
    }
}
