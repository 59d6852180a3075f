package io.sharedinference.cli;

import io.sharedinference.config.StackConfig;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.inventory.TenantState.Drift;
import io.sharedinference.rendered.LiveChart;
import io.sharedinference.rendered.RenderedDiff;
import io.sharedinference.review.Operation;
import io.sharedinference.review.Previews;
import io.sharedinference.review.Review;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one meaning of drift: what is no longer as the last {@code pulumi up} left it. */
record DriftCheck(ProjectOptions options, Previews previews) {

    Review of(String stack) {
        var config = options.files().readable(stack);
        var chart = config.flatMap(StackConfig::installed).map(at -> new LiveChart(at, options.checkout()));
        var shared = config.filter(TenantConfig.class::isInstance).map(tenant -> ((TenantConfig) tenant).sharedStack());
        return previews.drift(stack, chart, shared);
    }

    /** In a few words, for a table. */
    Drift summary(String stack) {
        try {
            return summary(of(stack));
        } catch (RuntimeException e) { // one stack's trouble is not the others'
            return Drift.unknown(first(String.valueOf(e.getMessage())));
        }
    }

    static Drift summary(Review review) {
        if (!review.failures().isEmpty()) {
            return Drift.unknown(first(review.failures().get(0)));
        }
        if (review.nothingToSee()) {
            return new Drift(false, "none");
        }
        var resources = Arrays.stream(Operation.values())
                .filter(operation -> count(review, operation) > 0)
                .map(operation ->
                        count(review, operation) + " to " + operation.name().toLowerCase(Locale.ROOT));
        int objects = review.rendered()
                .map(RenderedDiff::objects)
                .map(list -> list.size())
                .orElse(0);
        var chart = objects == 0 ? Stream.<String>empty() : Stream.of(objects + " of the chart's objects");
        var words = Stream.concat(resources, chart).collect(Collectors.joining(", "));
        return new Drift(true, words.isEmpty() ? "not deployed as configured" : words);
    }

    private static long count(Review review, Operation operation) {
        return review.changes().stream()
                .filter(change -> change.operation() == operation)
                .count();
    }

    private static String first(String text) {
        return text.lines().findFirst().orElse("no reason given");
    }
}
