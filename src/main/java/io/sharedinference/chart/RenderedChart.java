package io.sharedinference.chart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.core.internal.Internal;
import com.pulumi.deployment.Deployment;
import io.sharedinference.program.Values;
import io.sharedinference.project.InstallationConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.YAMLException;

/** What a chart makes of a stack's values, against what is live. Pulumi itself shows the values alone. */
public record RenderedChart(InstallationConfig config, Values values, Path checkout) {

    /** Names a file that gets the whole comparison as JSON, of every preview. */
    public static final String FILE = "SHARED_INFERENCE_RENDERED";

    private static final int NAMED = 10;

    /**
     * Adds to a preview what becomes of the chart's objects. Costs nothing where the release stays as it is, and never fails
     * a preview.
     *
     * @param status of the release: unknown when the preview changes it
     */
    public void report(Context ctx, Output<?> status) {
        if (!Deployment.getInstance().isDryRun()) {
            return;
        }
        var file = Optional.ofNullable(System.getenv(FILE)).map(Path::of);
        // as an output, so that the program waits for it
        Output.of(file.map(path -> CompletableFuture.supplyAsync(() -> write(compare(), path)))
                .orElseGet(() -> Internal.of(status).getDataAsync().thenApply(data -> {
                    if (!data.isKnown()) {
                        ctx.log().info("%s", summary(compare(), ctx.stackName()));
                    }
                    return true;
                })));
    }

    /** Reads the cluster and the chart. What can't be seen is among the notes. */
    public RenderedDiff compare() {
        var helm = new Helm(config, checkout);
        var notes = new ArrayList<String>();
        try {
            var live = CompletableFuture.supplyAsync(() -> live(helm));
            var again = CompletableFuture.supplyAsync(() -> rendered(helm, new ArrayList<>()));
            var once = rendered(helm, notes);
            var comparison =
                    new Comparison(live.join().get(), once.get(), again.join().get());
            notes.addAll(comparison.notes());
            return new RenderedDiff(comparison.objects(), notes);
        } catch (ChartException e) {
            return unseen(e.getMessage());
        } catch (YAMLException e) {
            return unseen("the manifest isn't YAML (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** A result of another thread, with the checked exception that it ended in. */
    private interface Result {
        Manifest get() throws ChartException;
    }

    private Result live(Helm helm) {
        try {
            var live = helm.deployedWithHooks()
                    .map(text -> Manifest.parse(text, config.namespace()))
                    .orElse(Manifest.EMPTY);
            return () -> live;
        } catch (ChartException e) {
            return () -> {
                throw new ChartException(
                        "the deployed release can't be read, which requires permission to list Secrets in"
                                + " the namespace " + config.namespace() + ": " + e.getMessage());
            };
        }
    }

    private Result rendered(Helm helm, List<String> notes) {
        try {
            var manifest = Manifest.parse(render(helm, notes), config.namespace());
            return () -> manifest;
        } catch (ChartException e) {
            return () -> {
                throw new ChartException("the chart can't be rendered: " + e.getMessage());
            };
        }
    }

    private String render(Helm helm, List<String> notes) throws ChartException {
        try {
            return helm.renderWithCluster(values);
        } catch (ChartException e) {
            var rendered = helm.renderAlone(values);
            notes.add("Rendered without the cluster, so what the chart looks up there is empty: "
                    + firstLine(e.getMessage()));
            return rendered;
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static RenderedDiff unseen(String why) {
        return new RenderedDiff(List.of(), List.of("The chart's objects are not compared: " + why));
    }

    private static String summary(RenderedDiff diff, String stack) {
        var objects = diff.objects().stream()
                .limit(NAMED)
                .map(object -> "\n  " + object.object() + " " + object.kind().text())
                .collect(Collectors.joining());
        var notes = diff.notes().stream().map(note -> "\n  " + note).collect(Collectors.joining());
        return "chart's objects: " + (diff.objects().isEmpty() ? "no change seen" : diff.summary()) + objects
                + (diff.objects().size() > NAMED ? "\n  …" : "") + notes + "\n  full diff: ./tenant preview "
                + stack;
    }

    private static boolean write(RenderedDiff diff, Path file) {
        try {
            Files.write(file, new ObjectMapper().writeValueAsBytes(diff));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
