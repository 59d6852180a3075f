package io.sharedinference.proxy.telemetry;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Metrics of requests, with the names and buckets of OpenTelemetry where it defines them. Thread-safe. */
public final class RequestMetrics {
    private static final int MAX_MODELS = 100;
    private static final int MAX_USERS = 1_000;
    /** Each histogram is some 20 lines of a scrape, and a scrape is built in memory. */
    private static final int MAX_HISTOGRAMS = 300;

    private static final int MAX_RESPONSES = 1_000;
    private static final int MAX_COUNTERS = 2_000;
    private static final double[] HTTP = {.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 30, 120};
    private static final double[] OPERATION = {
        .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
    };
    private static final double[] FIRST_TOKEN = {
        .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10
    };
    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
    };

    private final PrometheusRegistry registry;
    private final Histogram requests;
    private final Counter errors;
    private final Counter uncounted;
    private final Histogram operations;
    private final Histogram firstToken;
    private final Histogram tokens;
    private final Optional<Counter> userTokens;
    private final BoundedLabels models = new BoundedLabels(MAX_MODELS);
    private final BoundedLabels operationModels = new BoundedLabels(MAX_HISTOGRAMS);
    private final BoundedLabels failures = new BoundedLabels(MAX_HISTOGRAMS);
    private final BoundedLabels responses = new BoundedLabels(MAX_RESPONSES);
    private final BoundedLabels userModels = new BoundedLabels(MAX_COUNTERS);
    private final BoundedLabels users = new BoundedLabels(MAX_USERS);

    /** {@code perUser} also counts tokens per user, which shows user names to everybody who can read metrics. */
    public RequestMetrics(PrometheusRegistry registry, boolean perUser) {
        this.registry = registry;
        this.requests = requestDuration();
        this.operations = operationDuration();
        this.firstToken = timeToFirstToken();
        this.tokens = tokensPerRequest();
        this.errors = counter(
                "inference_proxy_errors_total",
                "Requests that the proxy rejected, or whose response was aborted, by error code",
                "code");
        this.uncounted = counter(
                "inference_proxy_uncounted_requests_total",
                "Chat and completion requests whose token usage is unknown, by reason; only with STREAM_USAGE",
                "reason");
        this.userTokens = perUser ? Optional.of(tokensPerUser()) : Optional.empty();
        registerStartTime();
    }

    private void registerStartTime() {
        Gauge.builder()
                .name("process_start_time_seconds")
                .help("Start time of the process, in seconds since the epoch: counters of another process start at"
                        + " zero")
                .register(registry)
                .set(Instant.now().toEpochMilli() / 1_000.0);
    }

    private Histogram requestDuration() {
        return histogram(
                "http_server_request_duration_seconds",
                HTTP,
                "Request duration, from the header section to the last byte of the response; 499: the client"
                        + " disconnected",
                "http_request_method",
                "http_route",
                "http_response_status_code");
    }

    private Histogram operationDuration() {
        return histogram(
                "gen_ai_server_request_duration_seconds",
                OPERATION,
                "Duration of requests to models",
                "gen_ai_operation_name",
                "gen_ai_request_model",
                "error_type");
    }

    private Histogram timeToFirstToken() {
        return histogram(
                "gen_ai_server_time_to_first_token_seconds",
                FIRST_TOKEN,
                "Time from the request header section to the first byte of an event stream",
                "gen_ai_operation_name",
                "gen_ai_request_model");
    }

    private Histogram tokensPerRequest() {
        return histogram(
                "gen_ai_client_token_usage",
                TOKENS,
                "Tokens per request, as reported in the response",
                "gen_ai_operation_name",
                "gen_ai_request_model",
                "gen_ai_token_type");
    }

    private Counter tokensPerUser() {
        return counter(
                "inference_proxy_user_tokens_total",
                "Tokens per user",
                "user",
                "gen_ai_request_model",
                "gen_ai_token_type");
    }

    /** Registers a gauge that is read at each scrape. */
    public void gauge(String name, String help, IntSupplier count) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(count.getAsInt()))
                .register(registry);
    }

    DistributionDataPoint requests(String method, Route route, int status) {
        String code = String.valueOf(status);
        return responses.admits(method, route.label(), code)
                ? requests.labelValues(method, route.label(), code)
                : requests.labelValues(BoundedLabels.OTHER, Route.OTHER.label(), code);
    }

    void error(String code) {
        errors.labelValues(code).inc();
    }

    void uncounted(Uncounted reason) {
        uncounted.labelValues(reason.label()).inc();
    }

    /**
     * The label of a model.
     *
     * @param served whether the request used tokens: only such requests add a label, since anybody can invent model
     *     names
     */
    String modelLabel(Route route, String model, boolean served) {
        boolean named = served
                ? models.admits(model) && operationModels.admits(route.operation(), model)
                : operationModels.known(route.operation(), model);
        return named ? model : BoundedLabels.OTHER;
    }

    ModelMetrics model(Route route, String label) {
        String operation = route.operation();
        return new ModelMetrics(
                operations.labelValues(operation, label, ""),
                firstToken.labelValues(operation, label),
                tokens.labelValues(operation, label, "input"),
                tokens.labelValues(operation, label, "output"));
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
            String modelLabel =
                    models.known(model) && userModels.admits(userLabel, model) ? model : BoundedLabels.OTHER;
            counter.labelValues(userLabel, modelLabel, type).inc(count);
        });
    }

    static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }

    private Histogram histogram(String name, double[] buckets, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(buckets)
                .withoutExemplars()
                .register(registry);
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }
}
