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
 * Objects as they were against rendered ones, object by object.
 *
 * @param before what is there, or was rendered before
 * @param once   what the chart renders
 * @param again  what it renders of the same values: where the two differ, the chart makes values up
 */
record Comparison(Manifest before, Manifest once, Manifest again) {

    private static final int CONTEXT = 3;

    List<ObjectDiff> objects() {
        var redaction = Redaction.of(
                Stream.of(before, once, again).flatMap(Manifest::secrets).toList());
        var names = new TreeSet<>(before.objects().keySet());
        names.addAll(once.objects().keySet());
        return names.stream().flatMap(name -> compare(name, redaction).stream()).toList();
    }

    /** What {@link #objects} couldn't compare: by name these would be new each time. */
    List<String> notes() {
        var anew = once.objects().keySet().stream()
                .filter(name ->
                        !again.objects().containsKey(name) && !before.objects().containsKey(name))
                .toList();
        return anew.isEmpty()
                ? List.of()
                : List.of("Not compared, since the chart gives them another name each time: " + String.join(", ", anew)
                        + ".");
    }

    private Optional<ObjectDiff> compare(String name, Redaction redaction) {
        var was = Optional.ofNullable(before.objects().get(name));
        var after = Optional.ofNullable(once.objects().get(name));
        var second = Optional.ofNullable(again.objects().get(name));
        if (after.isPresent() && second.isEmpty()) {
            return Optional.empty();
        }
        var generated = after.flatMap(first -> second.map(other -> Generated.between(first, other)))
                .orElse(Generated.NOTHING);
        var masked = SecretData.masked(was.map(generated::mark), after.map(generated::mark));
        var left = masked.before().map(Manifest::text).orElse("");
        var right = masked.after().map(Manifest::text).orElse("");
        return left.equals(right)
                ? Optional.empty()
                : Optional.of(new ObjectDiff(kind(was, after), name, redaction.apply(diff(left, right))));
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
        return unified.stream().skip(whole ? 3 : 2).collect(Collectors.joining("\n", "", "\n")); // names, whole range
    }
}
