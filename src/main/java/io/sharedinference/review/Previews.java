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
 * Asks the engine what a change would do, and tells it with every secret masked. Changes no cluster. Thread-safe.
 *
 * @param environment of this process, in which secrets may be
 */
public record Previews(Engine engine, Map<String, String> environment) {

    private static final String NO_STACK = "no stack named";
    private static final String PROTECTED = "pulumi state unprotect";

    /**
     * What {@code pulumi up} would do.
     *
     * @param file   the stack's file
     * @param shared the stack that it refers to, if any: its tokens are masked as well
     */
    public Review update(String stack, Path file, Optional<StackName> shared) {
        var redaction = secrets(stack, shared);
        return ReviewJson.masked(preview(stack, file), redaction);
    }

    /** What {@code pulumi destroy} would do to a stack whose file is gone; {@code file} is a copy of what it was. */
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
                isMissing(failures) ? List.of() : unprotected(stack, failures)); // missing: gone already
        return ReviewJson.masked(review, redaction);
    }

    /** The engine's remedy is the first of the steps that {@code ./tenant remove} takes. */
    private static List<String> unprotected(String stack, List<String> failures) {
        return failures.stream()
                .map(failure -> failure.contains(PROTECTED)
                        ? "What stack " + stack
                                + " deployed is still there and protected, so nothing but its file would go."
                                + "\nFix: before this is merged, run ./tenant remove " + stack
                                + ", which destroys it, removes its service user and confirms that its token is revoked"
                        : failure)
                .distinct()
                .toList();
    }

    /**
     * What is no longer as the last {@code pulumi up} left it: resources by a refresh, objects of chart and stack by a look at each.
     *
     * @param chart of the stack; empty when it has none, or none can be told of its file
     */
    public Review drift(String stack, Optional<LiveChart> chart, Optional<StackName> shared) {
        var redaction = secrets(stack, shared);
        var events = new PreviewEvents();
        var failure = engine.observe(command(stack, "refresh", "--preview-only"), Map.of(), events);
        var next = preview(stack);
        var failures = Stream.concat(failures(events, failure).stream(), next.failures().stream())
                .distinct()
                .toList();
        var live = chart.map(LiveChart::compare).map(edited -> edited.with(notDeployed(next)));
        return ReviewJson.masked(events.review(stack, Purpose.DRIFT, live, failures), redaction);
    }

    /** The stack's own objects as last deployed, with secrets. */
    public List<Map<?, ?>> declared(String stack) {
        return DeclaredObjects.of(engine, stack);
    }

    private static List<String> notDeployed(Review next) {
        var objects = next.rendered().map(RenderedDiff::objects).orElse(List.of());
        return next.changes().isEmpty() && objects.isEmpty()
                ? List.of()
                : List.of("What the configuration makes isn't what was last deployed: ./tenant preview " + next.stack()
                        + " shows the difference.");
    }

    private Redaction secrets(String stack, Optional<StackName> shared) {
        return KnownSecrets.of(
                engine,
                Stream.concat(Stream.of(stack), shared.map(StackName::toString).stream())
                        .toList(),
                environment);
    }

    /** A new stack has to be there for its preview: it is made, stays empty, and is removed again. */
    private Review preview(String stack, Path file) {
        var review = preview(stack);
        if (!isMissing(review.failures())) {
            return review;
        }
        try {
            var written = Files.readAllBytes(file);
            try {
                engine.init(stack, Optional.empty());
                return preview(stack);
            } catch (EngineException e) {
                return review.withFailures(List.of("The backend has no stack " + stack
                        + ", and none could be made for the"
                        + " preview: " + e.getMessage() + "\nFix: pulumi stack init " + stack + ", and commit what it"
                        + " writes into " + file.getFileName()));
            } finally {
                engine.removeKeepingFile(stack);
                Files.write(file, written); // the CLI may have put a salt into it
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the stack's file " + file + " can't be read or written", e);
        }
    }

    private static boolean isMissing(List<String> failures) {
        return failures.stream().anyMatch(failure -> failure.contains(NO_STACK));
    }

    private Review preview(String stack) {
        try {
            var file = Files.createTempFile("rendered", ".json"); // readable for its owner alone
            try {
                var events = new PreviewEvents();
                var failure =
                        engine.observe(command(stack, "preview"), Map.of(RenderedChart.FILE, file.toString()), events);
                return events.review(stack, Purpose.UPDATE, rendered(file), failures(events, failure));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file for a preview", e);
        }
    }

    private static Optional<RenderedDiff> rendered(Path file) throws IOException {
        return Files.size(file) == 0
                ? Optional.empty()
                : Optional.of(new ObjectMapper().readValue(file.toFile(), RenderedDiff.class));
    }

    /** The engine's own account if it gave one; else what the command said, of a backend or a passphrase mostly. */
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
