package io.sharedinference.proxy.telemetry;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** What is counted of requests, with OpenTelemetry's names and buckets where it has them. Thread-safe. */
public final class RequestMetrics {
    private static final int MOST_MODELS = 100;
    private static final int MOST_USERS = 1_000;
    /** Each histogram is some 20 lines of a scrape, and a scrape is in memory as a whole. */
    private static final int MOST_HISTOGRAMS = 300;
    private static final int MOST_ANSWERS = 1_000;
    private static final int MOST_COUNTERS = 2_000;
    private static final double[] HTTP =
            {.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 30, 120};
    private static final double[] OPERATION =
            {.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
    private static final double[] FIRST_TOKEN =
            {.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10};
    private static final double[] TOKENS =
            {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};

    private final PrometheusRegistry registry;
    private final Histogram requests;
    private final Counter errors;
    private final Histogram operations;
    private final Histogram firstToken;
    private final Histogram tokens;
    private final Optional<Counter> userTokens;
    private final BoundedLabels models = new BoundedLabels(MOST_MODELS);
    private final BoundedLabels operationModels = new BoundedLabels(MOST_HISTOGRAMS);
    private final BoundedLabels failures = new BoundedLabels(MOST_HISTOGRAMS);
    private final BoundedLabels answers = new BoundedLabels(MOST_ANSWERS);
    private final BoundedLabels userModels = new BoundedLabels(MOST_COUNTERS);
    private final BoundedLabels users = new BoundedLabels(MOST_USERS);

    /** With {@code perUser} tokens are counted by user, too: names of people, in a place that many can read. */
    public RequestMetrics(PrometheusRegistry registry, boolean perUser) {
        this.registry = registry;
        this.requests = histogram("http_server_request_duration_seconds", HTTP,
                "Requests, from the head to the answer's last byte; 499: the client went away",
                "http_request_method", "http_route", "http_response_status_code");
        this.operations = histogram("gen_ai_server_request_duration_seconds", OPERATION,
                "Requests to models", "gen_ai_operation_name", "gen_ai_request_model", "error_type");
        this.firstToken = histogram("gen_ai_server_time_to_first_token_seconds", FIRST_TOKEN,
                "From the request's head to the first byte of a stream of events",
                "gen_ai_operation_name", "gen_ai_request_model");
        this.tokens = histogram("gen_ai_client_token_usage", TOKENS, "Tokens per request, as the answer tells them",
                "gen_ai_operation_name", "gen_ai_request_model", "gen_ai_token_type");
        this.errors = counter("inference_proxy_errors_total",
                "Requests that the proxy refused, or whose answer broke off, by the code of the error", "code");
        this.userTokens = perUser ? Optional.of(counter("inference_proxy_user_tokens_total",
                "Tokens by user", "user", "gen_ai_request_model", "gen_ai_token_type")) : Optional.empty();
    }

    /** Shows a number that somebody else counts. */
    public void gauge(String name, String help, IntSupplier count) {
        GaugeWithCallback.builder().name(name).help(help)
                .callback(callback -> callback.call(count.getAsInt())).register(registry);
    }

    DistributionDataPoint requests(String method, Route route, int status) {
        String code = String.valueOf(status);
        return answers.admits(method, route.label(), code) ? requests.labelValues(method, route.label(), code)
                : requests.labelValues(BoundedLabels.OTHER, Route.OTHER.label(), code);
    }

    void error(String code) {
        errors.labelValues(code).inc();
    }

    /**
     * How a model is counted with an operation.
     *
     * @param served whether it answered at a cost: only such requests give a model a place of its own, since anybody
     *     can make up a hundred others
     */
    String modelLabel(Route route, String model, boolean served) {
        boolean named = served ? models.admits(model) && operationModels.admits(route.operation(), model)
                : operationModels.known(route.operation(), model);
        return named ? model : BoundedLabels.OTHER;
    }

    ModelMetrics model(Route route, String label) {
        String operation = route.operation();
        return new ModelMetrics(operations.labelValues(operation, label, ""),
                firstToken.labelValues(operation, label),
                tokens.labelValues(operation, label, "input"), tokens.labelValues(operation, label, "output"));
    }

    void failedOperation(Route route, String model, int status, long nanos) {
        String code = String.valueOf(status);
        String known = modelLabel(route, model, false);
        String label = failures.admits(route.operation(), known, code) ? known : BoundedLabels.OTHER;
        operations.labelValues(route.operation(), label, code).observe(seconds(nanos));
    }

    void userTokens(String user, String model, String type, long count) {
        userTokens.ifPresent(counter -> {
            String userLabel = users.admits(user) ? user : BoundedLabels.OTHER;
            String modelLabel = models.known(model) && userModels.admits(userLabel, model)
                    ? model : BoundedLabels.OTHER;
            counter.labelValues(userLabel, modelLabel, type).inc(count);
        });
    }

    static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }

    private Histogram histogram(String name, double[] buckets, String help, String... labels) {
        return Histogram.builder().name(name).help(help).labelNames(labels)
                .classicOnly().classicUpperBounds(buckets).withoutExemplars().register(registry);
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).withoutExemplars().register(registry);
    }
}
