package io.sharedinference.chart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.core.internal.Internal;
import com.pulumi.deployment.Deployment;
import io.sharedinference.program.Values;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.YAMLException;

/** A stack's chart, rendered with new values and compared with the deployed release. Pulumi itself compares only the values. */
public record RenderedChart(InstallationConfig config, Values values, Path checkout) {

    /** Environment variable with the file that every preview writes its comparison to, as JSON. */
    public static final String FILE = "SHARED_INFERENCE_RENDERED";

    private static final int MAX_LISTED = 10;

    /**
     * Adds the changes of the chart's objects to a preview. Renders nothing if the release is unchanged, and never fails a
     * preview.
     *
     * @param status of the release: unknown if the preview changes it
     */
    public void report(Context ctx, Output<?> status) {
        if (!Deployment.getInstance().isDryRun()) {
            return;
        }
        var file = Optional.ofNullable(System.getenv(FILE)).map(Path::of);
        // an output, so that the program waits for it
        Output.of(file.map(path -> CompletableFuture.supplyAsync(() -> write(compare(), path), Helm.THREADS))
                .orElseGet(() -> Internal.of(status).getDataAsync().thenApply(data -> {
                    if (!data.isKnown()) {
                        ctx.log().info("%s", summary(compare(), ctx.stackName()));
                    }
                    return true;
                })));
    }

    /** Reads the cluster and renders the chart. The notes list what could not be compared. */
    public RenderedDiff compare() {
        var helm = new Helm(config, checkout);
        var notes = new ArrayList<String>();
        var deployed = CompletableFuture.supplyAsync(() -> deployed(helm), Helm.THREADS);
        var first = CompletableFuture.supplyAsync(() -> rendered(helm, notes), Helm.THREADS);
        var second = CompletableFuture.supplyAsync(() -> rendered(helm, new ArrayList<>()), Helm.THREADS);
        try {
            var comparison = new Comparison(deployed.join(), first.join(), second.join());
            notes.addAll(comparison.notes());
            return new RenderedDiff(comparison.objects(), notes);
        } catch (CompletionException e) {
            if (e.getCause() instanceof ChartException cause) {
                return RenderedDiff.notCompared(cause.getMessage());
            }
            throw e;
        }
    }

    private Manifest deployed(Helm helm) {
        try {
            return helm.deployedWithHooks().map(this::parse).orElse(Manifest.EMPTY);
        } catch (ChartException e) {
            throw new ChartException("cannot read the deployed release " + config.releaseName() + ": " + e.getMessage()
                    + fix(
                            e,
                            "check that the cluster responds and that you may list Secrets in the namespace "
                                    + config.namespace() + "."));
        }
    }

    private Manifest rendered(Helm helm, List<String> notes) {
        try {
            return parse(render(helm, notes));
        } catch (ChartException e) {
            throw new ChartException("cannot render the chart " + config.chart().name() + ": " + e.getMessage()
                    + fix(
                            e,
                            "correct the values or " + config.key(Key.CHART_VERSION)
                                    + ", and check that the chart's repository responds."));
        }
    }

    private Manifest parse(String yaml) {
        try {
            return Manifest.parse(yaml, config.namespace());
        } catch (YAMLException e) {
            throw new ChartException(Manifest.invalid(config, e));
        }
    }

    private String render(Helm helm, List<String> notes) {
        try {
            return helm.renderWithCluster(values);
        } catch (ChartException e) {
            var rendered = helm.renderOffline(values);
            notes.add("Rendered without access to the cluster; lookups in the chart return nothing: "
                    + firstLine(e.getMessage()));
            return rendered;
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** The fix, unless the cause has one. */
    private static String fix(ChartException cause, String fix) {
        return cause.getMessage().contains("\nFix: ") ? "" : "\nFix: " + fix;
    }

    private static String summary(RenderedDiff diff, String stack) {
        var objects = diff.objects().stream()
                .limit(MAX_LISTED)
                .map(object -> "\n  " + object.object() + " " + object.kind().text())
                .collect(Collectors.joining());
        var notes = diff.notes().stream().map(note -> "\n  " + note).collect(Collectors.joining());
        return "Kubernetes objects: " + (diff.objects().isEmpty() ? "no changes" : diff.summary()) + objects
                + (diff.objects().size() > MAX_LISTED ? "\n  …" : "") + notes + "\n  Full preview: ./tenant preview "
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
