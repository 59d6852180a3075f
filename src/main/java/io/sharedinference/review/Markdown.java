package io.sharedinference.review;

import io.sharedinference.chart.ObjectDiff;
import io.sharedinference.chart.RenderedDiff;
import io.sharedinference.program.TenantOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats a review as a comment: failures and warnings first, then changes, collapsed if long. */
public final class Markdown {

    /** Maximum length of comments and issues, in characters. */
    public static final int GITHUB_LIMIT = 65_536;

    private static final int MAX_EXPANDED_LINES = 20;

    private Markdown() {}

    public static String of(Review review) {
        return String.join("\n\n", blocks(review)) + "\n";
    }

    /**
     * Truncated to {@code limit} characters, at the end of a block if possible.
     *
     * @param full URL of the full preview
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
            case RENDERING -> ", rendered offline";
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
                Optional.of("Removes the stack file. Merging deletes nothing from the cluster. "
                        + "Below is a preview of `pulumi destroy`; `./tenant remove` runs it in the required order.");
            case DRIFT ->
                Optional.of("The cluster differs from the last deployment. "
                        + "Add the change to the configuration, or revert it: Pulumi's resources with "
                        + "`pulumi up --refresh`, edited objects with `./tenant repair`.");
            case RENDERING ->
                Optional.of(
                        "Rendered from the files of this change by its own code, without a cluster, a backend and secrets. "
                                + "This is not a preview of `pulumi up`.");
        };
    }

    private static Optional<String> image(Review review) {
        return review.outputs().stream()
                .filter(output -> output.path().equals(TenantOutputs.PROXY_IMAGE))
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
                lines.size() <= MAX_EXPANDED_LINES ? heading + "\n\n" + block : MarkdownText.collapsed(heading, block));
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
                : Optional.of(MarkdownText.collapsed("Properties", MarkdownText.block("diff", text)));
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
        return MarkdownText.collapsed(
                object.object() + ", " + object.kind().text(), MarkdownText.block("diff", object.diff()));
    }
}
