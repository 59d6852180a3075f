package io.sharedinference.review;

import io.sharedinference.chart.ObjectDiff;
import io.sharedinference.chart.RenderedDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A review as a comment: what must not be overlooked first, then what changes, folded where it is long. */
public final class Markdown {

    /** GitHub refuses longer comments and issues; in characters. */
    public static final int GITHUB_LIMIT = 65_536;

    private static final int UNFOLDED_LINES = 20;

    private Markdown() {}

    /** Everything, however long. */
    public static String of(Review review) {
        return String.join("\n\n", blocks(review)) + "\n";
    }

    /**
     * SizeLimit to {@code limit} characters, whole blocks where it can be.
     *
     * @param full where all of it can be read
     */
    public static String of(Review review, int limit, Optional<String> full) {
        return SizeLimit.to(limit, blocks(review), full);
    }

    private static List<String> blocks(Review review) {
        if (review.hasNothingToReport()) {
            return List.of(title(review, "no changes"));
        }
        var blocks = new ArrayList<String>();
        blocks.add(title(review, headline(review)));
        failures(review).ifPresent(blocks::add);
        warnings(review).ifPresent(blocks::add);
        purpose(review).ifPresent(blocks::add);
        image(review).ifPresent(blocks::add);
        changes(review).ifPresent(blocks::add);
        properties(review).ifPresent(blocks::add);
        review.rendered().ifPresent(rendered -> blocks.addAll(objects(rendered)));
        return blocks;
    }

    private static String title(Review review, String headline) {
        var what = switch (review.purpose()) {
            case UPDATE -> "";
            case REMOVAL -> ", removed";
            case DRIFT -> ", drift";
            case RENDERING -> ", rendered from files alone";
        };
        return "### " + MarkdownText.code(review.stack()) + what + ": " + headline;
    }

    private static String headline(Review review) {
        if (!review.failures().isEmpty()) {
            return review.purpose() == Review.Purpose.RENDERING ? "the files have errors" : "the preview failed";
        }
        var resources = summary(review);
        var objects = review.rendered().map(RenderedDiff::summary).orElse("");
        var parts = Stream.of(
                        resources,
                        resources.isEmpty() && !review.outputs().isEmpty() ? "outputs change" : "",
                        objects.isEmpty() ? "" : "Kubernetes objects: " + objects)
                .filter(part -> !part.isEmpty())
                .toList();
        return parts.isEmpty() ? "no changes" : String.join("; ", parts);
    }

    private static String summary(Review review) {
        return review.counts().collect(Collectors.joining(", "));
    }

    private static Optional<String> failures(Review review) {
        return review.failures().isEmpty()
                ? Optional.empty()
                : Optional.of(MarkdownText.block("text", String.join("\n\n", review.failures())));
    }

    private static Optional<String> warnings(Review review) {
        var lines = Stream.concat(
                        Warnings.of(review).stream(),
                        review.rendered().stream()
                                .flatMap(rendered -> rendered.notes().stream().map(MarkdownText::plain)))
                .map(line -> "> - " + line)
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of("> [!WARNING]\n" + String.join("\n", lines));
    }

    private static Optional<String> purpose(Review review) {
        return switch (review.purpose()) {
            case UPDATE -> Optional.empty();
            case REMOVAL ->
                Optional.of("The stack's file is removed, which by itself removes nothing from the cluster. "
                        + "Below is what `pulumi destroy` would do; `./tenant remove` does it in the right order.");
            case DRIFT ->
                Optional.of("What runs is no longer as the last `pulumi up` left it. "
                        + "Take the change into the configuration, or undo it: Pulumi's resources with "
                        + "`pulumi up --refresh`, edited objects with `./tenant repair`.");
            case RENDERING ->
                Optional.of(
                        "This is what the files make of the chart's objects, by the code of their author and without "
                                + "a cluster, a backend and secrets. It is no preview of `pulumi up`.");
        };
    }

    private static Optional<String> image(Review review) {
        return review.outputs().stream()
                .filter(output -> output.path().equals("proxyImage"))
                .findFirst()
                .map(output ->
                        "**Proxy image:** " + MarkdownText.code(output.before().orElse("none")) + " → "
                                + MarkdownText.code(output.after().orElse("none")));
    }

    private static Optional<String> changes(Review review) {
        if (review.changes().isEmpty()) {
            return Optional.empty();
        }
        var lines = review.changes().stream()
                .map(change -> "%c %-7s %s %s"
                        .formatted(change.operation().sign(), change.operation().text(), change.type(), change.name()))
                .toList();
        var block = MarkdownText.block("diff", String.join("\n", lines));
        var heading = "Pulumi: " + summary(review) + ", " + review.unchanged() + " unchanged";
        return Optional.of(
                lines.size() <= UNFOLDED_LINES ? heading + "\n\n" + block : MarkdownText.folded(heading, block));
    }

    private static Optional<String> properties(Review review) {
        var changed = review.changes().stream()
                .filter(change -> !change.properties().isEmpty())
                .map(change -> "@@ " + change.type() + " " + change.name() + " @@\n" + lines(change.properties()));
        var outputs = review.outputs().isEmpty()
                ? Stream.<String>empty()
                : Stream.of("@@ outputs @@\n" + lines(review.outputs()));
        var text = Stream.concat(changed, outputs).collect(Collectors.joining("\n"));
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(MarkdownText.folded("Properties", MarkdownText.block("diff", text)));
    }

    private static String lines(List<Change.Property> properties) {
        return properties.stream()
                .flatMap(property -> Stream.concat(
                        property.before().stream().map(value -> "- " + property.path() + ": " + value),
                        property.after().stream().map(value -> "+ " + property.path() + ": " + value)))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> objects(RenderedDiff rendered) {
        return rendered.objects().stream().map(Markdown::object).toList();
    }

    private static String object(ObjectDiff object) {
        return MarkdownText.folded(
                object.object() + ", " + object.kind().text(), MarkdownText.block("diff", object.diff()));
    }
}
