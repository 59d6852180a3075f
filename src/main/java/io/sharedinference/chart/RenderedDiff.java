package io.sharedinference.chart;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The objects that a chart renders for new values, compared to those that Helm last put into the cluster. What is secret
 * in them is masked.
 *
 * @param objects what differs, sorted by name; empty when nothing does
 * @param notes   what the comparison couldn't see, and what to do about it
 */
public record RenderedDiff(List<ObjectDiff> objects, List<String> notes) {

    /** How notes begin of live objects that could not be compared. */
    static final String UNSEEN = "Whether somebody edited ";

    public RenderedDiff {
        objects = List.copyOf(objects);
        notes = List.copyOf(notes);
    }

    /** The same with more notes. */
    public RenderedDiff with(List<String> more) {
        return new RenderedDiff(
                objects, Stream.concat(notes.stream(), more.stream()).toList());
    }

    /** The notes of live objects that could not be compared. */
    public List<String> unseen() {
        return notes.stream().filter(note -> note.startsWith(UNSEEN)).toList();
    }

    public long count(ObjectDiff.Kind kind) {
        return objects.stream().filter(object -> object.kind() == kind).count();
    }

    /** Like {@code 1 added, 2 changed}; empty without differences. */
    public String summary() {
        return String.join(
                ", ",
                Arrays.stream(ObjectDiff.Kind.values())
                        .filter(kind -> count(kind) > 0)
                        .map(kind -> count(kind) + " " + kind.text())
                        .toList());
    }
}
