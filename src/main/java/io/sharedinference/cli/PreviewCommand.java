package io.sharedinference.cli;

import io.sharedinference.concurrency.Parallel;
import io.sharedinference.project.StackName;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.review.Previews;
import io.sharedinference.review.Review;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "preview",
        description = "Show what pulumi up would change, including chart objects",
        footer = {
            "",
            "Secrets are masked in all output. With --json, prints a stack's preview if one NAME is given,"
                    + " otherwise {\"previews\": [...]}.",
            "",
            "Examples:",
            "  ./tenant preview tenant1",
            "  ./tenant preview tenant1 --drift",
            "  ./tenant preview --affected-by origin/main --output previews/"
        })
final class PreviewCommand extends ProjectCommand {

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Stacks to preview",
            completionCandidates = StackNames.class)
    private List<String> names = List.of();

    @Option(
            names = "--affected-by",
            paramLabel = "REF",
            description =
                    "Preview the stacks that changed since this Git revision; with NAME, the revision of a removed stack's file")
    private Optional<String> base;

    @Option(names = "--drift", description = "Show what has changed since the last pulumi up")
    private boolean drift;

    @Option(names = "--markdown", description = "Print Markdown (default where the output is not a terminal)")
    private boolean markdown;

    @Option(names = "--output", paramLabel = "DIR", description = "Directory to write NAME.json and NAME.md to")
    private Optional<Path> output;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Number of concurrent previews (default: one per processor)")
    private Optional<Integer> parallel;

    @Mixin
    private DetailedExitCode exit;

    @Override
    public Integer call() {
        Optional<GitChanges> changes = base.map(ref -> new GitChanges(options(), ref));
        List<String> stacks = names.isEmpty() ? affected(changes) : names;
        names.forEach(known(changes)::require);
        Previews previews = new Previews(options().engine(), System.getenv());
        Map<String, TenantConfig> tenants = options().files().tenants();
        ReviewOutput reviews = new ReviewOutput(out(), format(), names.size() == 1, output);
        int concurrency = parallel.orElse(Runtime.getRuntime().availableProcessors());
        List<Review> results = new Parallel(concurrency, done -> {})
                .map(stacks, stack -> preview(previews, tenants, changes, stack), reviews::report);
        reviews.end();
        boolean complete = results.stream().allMatch(review -> review.failures().isEmpty());
        return complete ? exit.code(!results.stream().allMatch(Review::hasNothingToReport)) : ExitCode.ERROR;
    }

    private ReviewOutput.Format format() {
        if (options().json()) {
            return ReviewOutput.Format.JSON;
        }
        return !markdown && Terminal.current().symbols() ? ReviewOutput.Format.TEXT : ReviewOutput.Format.MARKDOWN;
    }

    /** The stacks of the project and those that the changes remove. */
    private KnownNames known(Optional<GitChanges> changes) {
        var present = options().stackNames();
        var removed = changes.filter(ref -> !present.known().containsAll(names))
                .map(ref -> ref.affected().removed())
                .orElse(List.of());
        return new KnownNames(
                Stream.concat(present.known().stream(), removed.stream()).toList(), present.missing());
    }

    private List<String> affected(Optional<GitChanges> changes) {
        return changes.orElseThrow(() -> new CommandException(
                        "no stack specified.\nFix: name one or more stacks, or pass --affected-by REF."))
                .affected()
                .all();
    }

    private Review preview(
            Previews previews, Map<String, TenantConfig> tenants, Optional<GitChanges> changes, String stack) {
        Path file = options().files().file(stack);
        Optional<StackName> shared = Optional.ofNullable(tenants.get(stack)).map(TenantConfig::sharedStack);
        if (drift) {
            return new DriftCheck(options(), previews).of(stack);
        }
        return Files.exists(file)
                ? previews.update(stack, file, shared)
                : previews.removal(
                        stack, changes.orElseThrow(() -> noFile(file)).before(stack));
    }

    private static CommandException noFile(Path file) {
        return new CommandException(
                "stack file " + file
                        + " not found.\nFix: correct the name, or, for a removed stack, pass --affected-by REF with a revision that has the file.");
    }
}
