package io.sharedinference.cli;

import io.sharedinference.project.TenantConfig;
import io.sharedinference.review.Previews;
import io.sharedinference.review.Review;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "preview",
        description = "Show what pulumi up would change, chart objects included",
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
final class PreviewCommand implements Callable<Integer> {

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
    private DetailedExit exit;

    @Mixin
    private ProjectOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Optional<Changes> changes = base.map(ref -> new Changes(options, ref));
        List<String> stacks = names.isEmpty() ? affected(changes) : names;
        names.forEach(known(changes)::require);
        Previews previews = new Previews(options.engine(), System.getenv());
        Map<String, TenantConfig> tenants = options.files().tenants();
        Reviews reviews = new Reviews(spec.commandLine().getOut(), form(), names.size() == 1, output);
        boolean complete = true;
        boolean changed = false;
        for (Future<Review> future : all(stacks, stack -> preview(previews, tenants, changes, stack))) {
            Review review = await(future);
            complete &= reviews.report(review);
            changed |= !review.nothingToSee();
        }
        reviews.end();
        return complete ? exit.code(changed) : Exit.NOT_CARRIED_OUT;
    }

    private Reviews.Form form() {
        if (options.json()) {
            return Reviews.Form.JSON;
        }
        return !markdown && Terminal.of(System.getenv()).signs() ? Reviews.Form.TEXT : Reviews.Form.MARKDOWN;
    }

    /** The project's, and those that the changes remove. */
    private Names known(Optional<Changes> changes) {
        var present = options.stackNames();
        var removed = changes.filter(ref -> !present.known().containsAll(names))
                .map(ref -> ref.affected().removed())
                .orElse(List.of());
        return new Names(
                Stream.concat(present.known().stream(), removed.stream()).toList(), present.missing());
    }

    private List<String> affected(Optional<Changes> changes) {
        return changes.orElseThrow(() -> new CommandException(
                        "no stack is named.\nFix: name one or more stacks, or give --affected-by REF."))
                .affected()
                .all();
    }

    private Review preview(
            Previews previews, Map<String, TenantConfig> tenants, Optional<Changes> changes, String stack) {
        Path file = options.files().file(stack);
        Optional<String> shared = Optional.ofNullable(tenants.get(stack)).map(TenantConfig::sharedStack);
        if (drift) {
            return new DriftCheck(options, previews).of(stack);
        }
        return Files.exists(file)
                ? previews.update(stack, file, shared)
                : previews.removal(
                        stack, changes.orElseThrow(() -> noFile(file)).before(stack));
    }

    private static CommandException noFile(Path file) {
        return new CommandException(
                "there is no " + file
                        + ".\nFix: correct the name, or, for a removed stack, give --affected-by REF with a revision that has the file.");
    }

    private interface Work {
        Review of(String stack);
    }

    private List<Future<Review>> all(List<String> stacks, Work work) {
        int threads = parallel.orElse(Runtime.getRuntime().availableProcessors());
        var executor = Executors.newFixedThreadPool(Math.max(1, threads));
        try {
            return stacks.stream()
                    .map(stack -> executor.submit(() -> work.of(stack)))
                    .toList();
        } finally {
            executor.shutdown();
        }
    }

    private static Review await(Future<Review> review) {
        try {
            return review.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new CommandException("a preview ended unexpectedly", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while previewing", e);
        }
    }
}
