package io.sharedinference.review;

import com.pulumi.automation.OperationType;
import com.pulumi.automation.events.DiagnosticEvent;
import com.pulumi.automation.events.EngineEvent;
import com.pulumi.automation.events.StepEventMetadata;
import com.pulumi.automation.events.StepEventStateMetadata;
import io.sharedinference.chart.RenderedDiff;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gathers what the engine reports while it previews or refreshes. The engine calls from one thread, and has called for the last time
 * when its command has ended.
 */
final class PreviewEvents implements Consumer<EngineEvent> {

    private static final String STACK = "pulumi:pulumi:Stack";
    private static final String STACK_REFERENCE = "pulumi:pulumi:StackReference"; // only read: others' outputs change
    private static final String DEFAULT_PROVIDER = "pulumi:providers:pulumi"; // of stack references, made unasked
    private static final Pattern NOTHING_NEW =
            Pattern.compile("an unhandled error occurred: .*|preview failed", Pattern.DOTALL);

    private static final String METADATA = "metadata";
    private static final Set<String> BOOK_KEEPING = Set.of("managedFields", "resourceVersion", "generation");

    /** The engine shows no secret, so that two that differ look the same. */
    private static final Change.Property REWRITTEN =
            new Change.Property("data", Optional.of("[secret]"), Optional.of("[secret], written by somebody since"));

    private final List<Change> changes = new ArrayList<>();
    private final List<Change.Property> outputs = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Set<String> refreshed = new HashSet<>();
    private int unchanged;

    @Override
    public void accept(EngineEvent event) {
        // each event has one of these, the others are null
        if (event.resourcePreEvent() != null) {
            step(event.resourcePreEvent().metadata());
        } else if (event.resourceOutputsEvent() != null) {
            result(event.resourceOutputsEvent().metadata());
        } else if (event.diagnosticEvent() != null) {
            diagnostic(event.diagnosticEvent());
        }
    }

    /** That the program or the preview failed adds nothing to the reason that was told before. */
    List<String> failures() {
        var told = failures.stream()
                .filter(failure -> !NOTHING_NEW.matcher(failure).matches())
                .toList();
        return told.isEmpty() ? List.copyOf(failures) : told;
    }

    Review review(String stack, Review.Purpose purpose, Optional<RenderedDiff> rendered, List<String> all) {
        return new Review(stack, purpose, changes, unchanged, outputs, rendered, all);
    }

    private void step(StepEventMetadata step) {
        if (STACK.equals(step.type()) || isReading(step)) {
            return; // a stack has outputs only; they come with its result
        }
        if (step.op() == OperationType.SAME) {
            unchanged++;
        } else if (step.op() == OperationType.REFRESH) {
            refreshed.add(step.urn());
        }
        Operation.of(step.op()).ifPresent(operation -> changes.add(change(operation, step)));
    }

    private static boolean isReading(StepEventMetadata step) {
        return DEFAULT_PROVIDER.equals(step.type()) || STACK_REFERENCE.equals(step.type());
    }

    /** A refresh tells what it found only here. */
    private void result(StepEventMetadata step) {
        if (STACK.equals(step.type())) {
            differing(values(step.old(), true), values(step.new_(), true)).stream()
                    .filter(output -> !readAgain(output))
                    .forEach(outputs::add);
        } else if (refreshed.contains(step.urn())) {
            Operation.of(step.op())
                    .ifPresentOrElse(operation -> changes.add(found(operation, step)), () -> unchanged++);
        }
    }

    /** Tokens are read again after each change of the release, and are the same again as a rule. */
    private static boolean readAgain(Change.Property output) {
        return output.path().startsWith("token-")
                && output.before().isPresent()
                && output.after().equals(Optional.of(PropertyPath.UNKNOWN_TEXT));
    }

    private void diagnostic(DiagnosticEvent event) {
        var text = Diagnostics.text(event.message());
        if ("error".equals(event.severity()) && !text.isBlank() && !failures.contains(text)) {
            failures.add(text);
        }
    }

    /** Of a refresh what differs is in the outputs. */
    private static Change found(Operation operation, StepEventMetadata step) {
        var before = values(step.old(), true);
        var after = values(step.new_(), true);
        var found = Stream.concat(
                        differing(without(METADATA, before), without(METADATA, after)).stream(),
                        differingMetadata(before, after))
                .toList();
        var hidden = found.isEmpty() && step.type().endsWith(":Secret");
        return new Change(operation, step.type(), name(step), false, hidden ? List.of(REWRITTEN) : found);
    }

    /** The API server keeps book there of every write, whatever was written. */
    private static Stream<Change.Property> differingMetadata(Map<String, Object> before, Map<String, Object> after) {
        return differing(metadata(before), metadata(after)).stream()
                .map(property ->
                        new Change.Property(METADATA + "." + property.path(), property.before(), property.after()));
    }

    private static Map<String, Object> metadata(Map<String, Object> object) {
        var metadata = new LinkedHashMap<String, Object>();
        if (object.get(METADATA) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> metadata.put(String.valueOf(key), value));
        }
        metadata.keySet().removeAll(BOOK_KEEPING);
        return metadata;
    }

    private static Map<String, Object> without(String key, Map<String, Object> values) {
        var rest = new LinkedHashMap<>(values);
        rest.remove(key);
        return rest;
    }

    private static Change change(Operation operation, StepEventMetadata step) {
        var old = Optional.ofNullable(step.old());
        var whole = operation == Operation.CREATE || operation == Operation.DELETE || operation == Operation.IMPORT;
        return new Change(
                operation,
                step.type(),
                name(step),
                old.map(StepEventStateMetadata::protect).orElse(false),
                whole ? List.of() : properties(step));
    }

    private static String name(StepEventMetadata step) {
        return step.urn().substring(step.urn().lastIndexOf("::") + 2);
    }

    /** By the plugin's own account where it gives one. What kind of difference it is the SDK doesn't hand on. */
    private static List<Change.Property> properties(StepEventMetadata step) {
        var before = values(step.old(), false);
        var after = values(step.new_(), false);
        var detailed = Optional.ofNullable(step.detailedDiff()).orElse(Map.of()).keySet();
        var named = Stream.ofNullable(step.diffs()).flatMap(List::stream).toList();
        return new TreeSet<>(detailed.isEmpty() ? named : detailed)
                .stream()
                        .map(path -> new Change.Property(
                                path,
                                PropertyPath.of(path).in(before),
                                PropertyPath.of(path).in(after)))
                        .toList();
    }

    private static List<Change.Property> differing(Map<String, Object> before, Map<String, Object> after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> new Change.Property(
                        name,
                        PropertyPath.of(name).in(before),
                        PropertyPath.of(name).in(after)))
                .toList();
    }

    private static Map<String, Object> values(StepEventStateMetadata state, boolean outputs) {
        var values = state == null ? null : outputs ? state.outputs() : state.inputs();
        return values == null ? Map.of() : new LinkedHashMap<>(values);
    }
}
