package io.sharedinference.review;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.chart.LiveChart;
import io.sharedinference.chart.RenderedChart;
import io.sharedinference.chart.RenderedDiff;
import io.sharedinference.project.StackName;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.EngineException;
import io.sharedinference.review.Review.Purpose;
import io.sharedinference.secrets.Redaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Previews changes with the engine, and masks all secrets. Does not change clusters. Thread-safe.
 *
 * @param environment of this process, which may contain secrets
 */
public record Previews(Engine engine, Map<String, String> environment) {

    private static final String NO_STACK = "no stack named";
    private static final String PROTECTED = "pulumi state unprotect";

    /** Without the environment. */
    @Override
    public String toString() {
        return "Previews[]";
    }

    /**
     * Preview of {@code pulumi up}.
     *
     * @param file   the stack file
     * @param shared the stack that it refers to; its tokens are masked as well
     */
    public Review update(String stack, Path file, Optional<StackName> shared) {
        var redaction = secrets(stack, shared);
        return ReviewJson.masked(preview(stack, file), redaction);
    }

    /** Preview of {@code pulumi destroy} for a stack whose file was removed, with a copy of that file. */
    public Review removal(String stack, Path file) {
        var redaction = KnownSecrets.of(engine, List.of(stack), environment);
        var events = new PreviewEvents();
        var failures = failures(
                events,
                engine.observe(
                        command(stack, "destroy", "--preview-only", "--config-file", file.toString()),
                        Map.of(),
                        events));
        var review = events.review(
                stack,
                Purpose.REMOVAL,
                Optional.empty(),
                isMissing(failures) ? List.of() : unprotected(stack, failures)); // already removed
        return ReviewJson.masked(review, redaction);
    }

    /** Replaces the engine's hint to unprotect resources, which {@code ./tenant remove} does itself. */
    private static List<String> unprotected(String stack, List<String> failures) {
        return failures.stream()
                .map(failure -> failure.contains(PROTECTED)
                        ? "cannot destroy stack " + stack + ": its resources are protected."
                                + "\nFix: before merging, run ./tenant remove " + stack
                                + ", which unprotects and destroys them, removes the service user and confirms that its"
                                + " token is revoked"
                        : failure)
                .distinct()
                .toList();
    }

    /**
     * Differences from the last {@code pulumi up}: of resources by a refresh, of Kubernetes objects by a comparison of each.
     *
     * @param chart of the stack; empty if it has none or its file is invalid
     */
    public Review drift(String stack, Optional<LiveChart> chart, Optional<StackName> shared) {
        var redaction = secrets(stack, shared);
        var events = new PreviewEvents();
        var failure = engine.observe(command(stack, "refresh", "--preview-only"), Map.of(), events);
        var next = preview(stack);
        var failures = Stream.concat(failures(events, failure).stream(), next.failures().stream())
                .distinct()
                .toList();
        var live = chart.map(LiveChart::compare).map(edited -> edited.with(undeployed(next)));
        return ReviewJson.masked(events.review(stack, Purpose.DRIFT, live, failures), redaction);
    }

    /** The stack's own objects as last deployed, with secrets. */
    public List<Map<?, ?>> declared(String stack) {
        return DeclaredObjects.of(engine, stack);
    }

    private static List<String> undeployed(Review next) {
        var objects = next.rendered().map(RenderedDiff::objects).orElse(List.of());
        return next.changes().isEmpty() && objects.isEmpty()
                ? List.of()
                : List.of("The configuration has changes that are not deployed. To show them: ./tenant preview "
                        + next.stack());
    }

    private Redaction secrets(String stack, Optional<StackName> shared) {
        return KnownSecrets.of(
                engine,
                Stream.concat(Stream.of(stack), shared.map(StackName::toString).stream())
                        .toList(),
                environment);
    }

    /** Creates a new stack for its preview, because the engine requires one, and removes it afterwards. */
    private Review preview(String stack, Path file) {
        var review = preview(stack);
        if (!isMissing(review.failures())) {
            return review;
        }
        try {
            var content = Files.readAllBytes(file);
            try {
                engine.init(stack, Optional.empty());
                return preview(stack);
            } catch (EngineException e) {
                return review.withFailures(
                        List.of("cannot create stack " + stack + " for the preview: " + e.getMessage()
                                + "\nFix: run pulumi stack init " + stack + " and commit " + file.getFileName()));
            } finally {
                engine.removeKeepingFile(stack);
                Files.write(file, content); // the CLI may have added a salt
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or write the stack file " + file, e);
        }
    }

    private static boolean isMissing(List<String> failures) {
        return failures.stream().anyMatch(failure -> failure.contains(NO_STACK));
    }

    private Review preview(String stack) {
        try {
            var file = Files.createTempFile("rendered", ".json"); // readable only for its owner
            try {
                var events = new PreviewEvents();
                var failure =
                        engine.observe(command(stack, "preview"), Map.of(RenderedChart.FILE, file.toString()), events);
                return events.review(stack, Purpose.UPDATE, rendered(file), failures(events, failure));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a temporary file for a preview", e);
        }
    }

    private static Optional<RenderedDiff> rendered(Path file) throws IOException {
        return Files.size(file) == 0
                ? Optional.empty()
                : Optional.of(new ObjectMapper().readValue(file.toFile(), RenderedDiff.class));
    }

    /** Failures that the engine reported, or else the output of the command, for example about the backend or passphrase. */
    private static List<String> failures(PreviewEvents events, Optional<String> failure) {
        return failure.isPresent() && events.failures().isEmpty()
                ? List.of(Diagnostics.text(failure.get()))
                : events.failures();
    }

    private static List<String> command(String stack, String... command) {
        var arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--stack", stack, "--non-interactive"));
        return arguments;
    }
}
