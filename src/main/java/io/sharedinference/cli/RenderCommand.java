package io.sharedinference.cli;

import io.sharedinference.chart.ChartException;
import io.sharedinference.chart.OfflineChart;
import io.sharedinference.project.Problems;
import io.sharedinference.review.OfflineReviews;
import io.sharedinference.review.Review;
import io.sharedinference.review.StackCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "render",
        description = "Print the chart objects of a stack, without a cluster",
        footer = {
            "",
            "With --against, an invalid file is a failed check. Secret values are masked.",
            "",
            "Examples:",
            "  ./tenant render tenant1",
            "  ./tenant render --against origin/main"
        })
final class RenderCommand extends ProjectCommand {

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Stacks to render",
            completionCandidates = StackNames.class)
    private List<String> names = List.of();

    @Option(
            names = "--against",
            paramLabel = "REF",
            description =
                    "Show the differences from this Git revision as Markdown, for the named or all affected stacks")
    private Optional<String> base;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "With --against: directory to write NAME.json and NAME.md to")
    private Optional<Path> output;

    @Mixin
    private DetailedExitCode exit;

    @Override
    public Integer call() {
        if (base.isPresent()) {
            return compare(new GitChanges(options(), base.get()));
        }
        if (names.isEmpty()) {
            throw new CommandException("no stack specified.\nFix: name one or more stacks, or pass --against REF.");
        }
        names.forEach(options().stackNames()::require);
        names.forEach(this::print);
        return ExitCode.SUCCESS;
    }

    private void print(String stack) {
        StackCheck check = options().check();
        Problems problems = new Problems();
        Optional<OfflineChart> chart = check.chart(stack, problems);
        problems.throwIfAny(stack);
        var out = out();
        out.print(text(chart.orElseThrow(() -> new CommandException(
                "cannot render stack " + stack + ": it installs no chart.\nFix: name a shared or tenant stack."))));
        out.flush();
    }

    private String text(OfflineChart chart) {
        try {
            return options().json() ? chart.json() : chart.yaml();
        } catch (ChartException e) {
            throw new CommandException(
                    "cannot render the chart of stack " + chart.config().stack() + ": " + e.getMessage(), e);
        }
    }

    private int compare(GitChanges changes) {
        ReviewOutput reviews = new ReviewOutput(
                out(),
                options().json() ? ReviewOutput.Format.JSON : ReviewOutput.Format.MARKDOWN,
                names.size() == 1,
                output);
        boolean complete = true;
        boolean changed = false;
        try (RevisionSnapshot before = changes.snapshot()) {
            OfflineReviews offlineReviews = new OfflineReviews(
                    options().check(changes.project(before)), options().check(), System.getenv());
            for (String stack : names.isEmpty() ? changes.affected().all() : names) {
                Optional<Review> review = offlineReviews.of(stack);
                complete &= review.map(reviews::report).orElse(true);
                changed |= review.filter(found -> !found.hasNothingToReport()).isPresent();
            }
        }
        reviews.end();
        return complete ? exit.code(changed) : ExitCode.CHECK_FAILED;
    }
}
