package io.sharedinference.cli;

import io.sharedinference.chart.LiveChart;
import io.sharedinference.chart.RenderedDiff;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.review.Previews;
import io.sharedinference.review.Review;
import io.sharedinference.tenants.TenantStatus.Drift;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks drift: changes since the last {@code pulumi up}. */
record DriftCheck(ProjectOptions options, Previews previews) {

    Review of(String stack) {
        var config = options.files().validConfig(stack);
        var shared = config.filter(TenantConfig.class::isInstance).map(tenant -> ((TenantConfig) tenant).sharedStack());
        return previews.drift(stack, chart(stack), shared);
    }

    /** Empty for a stack without a chart, or with an invalid file. */
    Optional<LiveChart> chart(String stack) {
        return options.files()
                .validConfig(stack)
                .flatMap(StackConfig::installed)
                .map(at -> new LiveChart(at, options.checkout(), previews.declared(stack)));
    }

    /** A short summary for a table. */
    Drift summary(String stack) {
        try {
            return summary(of(stack));
        } catch (RuntimeException e) { // must not affect other stacks
            return Drift.unknown(first(String.valueOf(e.getMessage())));
        }
    }

    static Drift summary(Review review) {
        var unchecked = unchecked(review);
        if (!unchecked.isEmpty()) {
            return Drift.unknown(first(unchecked.get(0)));
        }
        if (review.hasNothingToReport()) {
            return new Drift(false, "none");
        }
        int objects = review.rendered()
                .map(RenderedDiff::objects)
                .map(list -> list.size())
                .orElse(0);
        var chart = objects == 0
                ? Stream.<String>empty()
                : Stream.of(objects + (objects == 1 ? " object" : " objects") + " edited");
        var words = Stream.concat(review.counts(), chart).collect(Collectors.joining(", "));
        return new Drift(true, words.isEmpty() ? "not deployed as configured" : words);
    }

    /** Causes why drift cannot be determined; empty if it can. */
    static List<String> unchecked(Review review) {
        var notes = review.rendered().stream().flatMap(diff -> diff.unchecked().stream());
        return Stream.concat(review.failures().stream(), notes).toList();
    }

    private static String first(String text) {
        return text.lines().findFirst().orElse("no reason given");
    }
}
