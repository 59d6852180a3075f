package io.sharedinference.review;

import com.pulumi.automation.OperationType;
import com.pulumi.automation.events.DiagnosticEvent;
import com.pulumi.automation.events.EngineEvent;
import com.pulumi.automation.events.StepEventMetadata;
import com.pulumi.automation.events.StepEventStateMetadata;
import io.sharedinference.chart.RenderedDiff;
import io.sharedinference.program.SharedOutputs;
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
 * Collects the engine's events of a preview or refresh. The engine calls from one thread, and not after its command has
 * exited.
 */
final class PreviewEvents implements Consumer<EngineEvent> {

    private static final String STACK = "pulumi:pulumi:Stack";
    private static final String STACK_REFERENCE =
            "pulumi:pulumi:StackReference"; // read-only; outputs of other stacks change
    private static final String DEFAULT_PROVIDER = "pulumi:providers:pulumi"; // of stack references, created implicitly
    private static final Pattern GENERIC_FAILURE =
            Pattern.compile("an unhandled error occurred: .*|preview failed", Pattern.DOTALL);

    private static final String METADATA = "metadata";
    private static final Set<String> SERVER_MANAGED = Set.of("managedFields", "resourceVersion", "generation");

    /** The engine masks secrets, so their difference is not visible. */
    private static final Change.Property CHANGED_SECRET =
            new Change.Property("data", Optional.of("[secret]"), Optional.of("[secret], changed outside Pulumi"));

    private final List<Change> changes = new ArrayList<>();
    private final List<Change.Property> outputs = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Set<String> refreshed = new HashSet<>();
    private int unchanged;

    @Override
    public void accept(EngineEvent event) {
        // exactly one of these is not null
        if (event.resourcePreEvent() != null) {
            step(event.resourcePreEvent().metadata());
        } else if (event.resourceOutputsEvent() != null) {
            result(event.resourceOutputsEvent().metadata());
        } else if (event.diagnosticEvent() != null) {
            diagnostic(event.diagnosticEvent());
        }
    }

    /** Without generic failures, if a specific one was reported. */
    List<String> failures() {
        var specific = failures.stream()
                .filter(failure -> !GENERIC_FAILURE.matcher(failure).matches())
                .toList();
        return specific.isEmpty() ? List.copyOf(failures) : specific;
    }

    Review review(String stack, Review.Purpose purpose, Optional<RenderedDiff> rendered, List<String> failures) {
        return new Review(stack, purpose, changes, unchanged, outputs, rendered, failures);
    }

    private void step(StepEventMetadata step) {
        if (STACK.equals(step.type()) || isReadOnly(step)) {
            return; // a stack has only outputs, which its result event contains
        }
        if (step.op() == OperationType.SAME) {
            unchanged++;
        } else if (step.op() == OperationType.REFRESH) {
            refreshed.add(step.urn());
        }
        Operation.of(step.op()).ifPresent(operation -> changes.add(change(operation, step)));
    }

    private static boolean isReadOnly(StepEventMetadata step) {
        return DEFAULT_PROVIDER.equals(step.type()) || STACK_REFERENCE.equals(step.type());
    }

    /** Differences found by a refresh are only in these events. */
    private void result(StepEventMetadata step) {
        if (STACK.equals(step.type())) {
            differing(values(step.old(), true), values(step.new_(), true)).stream()
                    .filter(output -> !isReread(output))
                    .forEach(outputs::add);
        } else if (refreshed.contains(step.urn())) {
            Operation.of(step.op())
                    .ifPresentOrElse(operation -> changes.add(refreshChange(operation, step)), () -> unchanged++);
        }
    }

    /** Tokens are read again after each change of the release, and usually stay the same. */
    private static boolean isReread(Change.Property output) {
        return SharedOutputs.tokenOwner(output.path()).isPresent()
                && output.before().isPresent()
                && output.after().equals(Optional.of(PropertyPath.KNOWN_AFTER_UPDATE));
    }

    private void diagnostic(DiagnosticEvent event) {
        var text = Diagnostics.text(event.message());
        if ("error".equals(event.severity()) && !text.isBlank() && !failures.contains(text)) {
            failures.add(text);
        }
    }

    /** A refresh reports differences in outputs. */
    private static Change refreshChange(Operation operation, StepEventMetadata step) {
        var before = values(step.old(), true);
        var after = values(step.new_(), true);
        var properties = Stream.concat(
                        differing(without(METADATA, before), without(METADATA, after)).stream(),
                        differingMetadata(before, after))
                .toList();
        var hidden = properties.isEmpty() && step.type().endsWith(":Secret");
        return new Change(operation, step.type(), name(step), false, hidden ? List.of(CHANGED_SECRET) : properties);
    }

    /** Without fields that the API server updates on every write. */
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
        metadata.keySet().removeAll(SERVER_MANAGED);
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

    /** From the provider's detailed diff if there is one. The SDK does not expose the kind of a difference. */
    private static List<Change.Property> properties(StepEventMetadata step) {
        var before = values(step.old(), false);
        var after = values(step.new_(), false);
        var detailed = Optional.ofNullable(step.detailedDiff()).orElse(Map.of()).keySet();
        var diffs = Stream.ofNullable(step.diffs()).flatMap(List::stream).toList();
        return new TreeSet<>(detailed.isEmpty() ? diffs : detailed)
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
