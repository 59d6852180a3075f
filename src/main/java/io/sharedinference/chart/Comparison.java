package io.sharedinference.chart;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.sharedinference.secrets.Redaction;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares deployed or live objects with rendered ones, object by object.
 *
 * @param before     deployed, live or previously rendered objects
 * @param after      rendered or live objects
 * @param afterAgain a second rendering of the same values: where the two differ, the chart generates values
 */
record Comparison(Manifest before, Manifest after, Manifest afterAgain) {

    private static final int CONTEXT = 3;

    List<ObjectDiff> objects() {
        var redaction = Redaction.of(
                Stream.of(before, after, afterAgain).flatMap(Manifest::secrets).toList());
        var names = new TreeSet<>(before.objects().keySet());
        names.addAll(after.objects().keySet());
        return names.stream().flatMap(name -> compare(name, redaction).stream()).toList();
    }

    /** Objects that {@link #objects} cannot compare, because the chart generates their names. */
    List<String> notes() {
        var generated = after.objects().keySet().stream()
                .filter(name -> !afterAgain.objects().containsKey(name)
                        && !before.objects().containsKey(name))
                .toList();
        return generated.isEmpty()
                ? List.of()
                : List.of("Not compared, because the chart generates a new name on each rendering: "
                        + String.join(", ", generated)
                        + ".");
    }

    private Optional<ObjectDiff> compare(String name, Redaction redaction) {
        var old = before.find(name);
        var rendered = after.find(name);
        var renderedAgain = afterAgain.find(name);
        if (rendered.isPresent() && renderedAgain.isEmpty()) {
            return Optional.empty();
        }
        var generated = rendered.flatMap(first -> renderedAgain.map(second -> GeneratedValues.between(first, second)))
                .orElse(GeneratedValues.NONE);
        var masked = SecretData.masked(old.map(generated::mark), rendered.map(generated::mark));
        var left = masked.before().map(Manifest::yaml).orElse("");
        var right = masked.after().map(Manifest::yaml).orElse("");
        return left.equals(right)
                ? Optional.empty()
                : Optional.of(new ObjectDiff(kind(old, rendered), name, redaction.apply(diff(left, right))));
    }

    private static ObjectDiff.Kind kind(Optional<Object> before, Optional<Object> after) {
        return before.isEmpty()
                ? ObjectDiff.Kind.ADDED
                : after.isEmpty() ? ObjectDiff.Kind.REMOVED : ObjectDiff.Kind.CHANGED;
    }

    private static String diff(String before, String after) {
        var left = before.lines().toList();
        var unified = UnifiedDiffUtils.generateUnifiedDiff(
                "", "", left, DiffUtils.diff(left, after.lines().toList()), CONTEXT);
        var whole = before.isEmpty() || after.isEmpty();
        return unified.stream()
                .skip(whole ? 3 : 2)
                .collect(Collectors.joining("\n", "", "\n")); // file names, and the range of a whole object
    }
}
