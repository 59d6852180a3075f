import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Prints an invented day of two tenants, in the metrics of the proxy, as OpenMetrics: java ExampleHistory.java FIRST */
class ExampleHistory {

    static final int STEP = 60;
    static final int STEPS = 24 * 60;

    final Random random = new Random(14);
    final String tenant;
    final double size;
    final long first;
    final double[] loads = new double[STEPS + 1];
    final StringBuilder out = new StringBuilder();

    ExampleHistory(String tenant, double size, long first) {
        this.tenant = tenant;
        this.size = size;
        this.first = first;
        for (int step = 0; step <= STEPS; step++) {
            double hour = step * 24.0 / STEPS;
            double busy = Math.exp(-Math.pow((hour - 10.5) / 2.2, 2)) + 0.8 * Math.exp(-Math.pow((hour - 15) / 2.4, 2)) + 0.05;
            loads[step] = size * 40 * busy * (0.85 + 0.3 * random.nextDouble());
        }
    }

    public static void main(String[] args) {
        for (var tenant : List.of("research", "support")) {
            var history = new ExampleHistory(tenant, tenant.equals("research") ? 1 : 0.4, Long.parseLong(args[0]));
            history.requests();
            history.models();
            history.iam();
            history.limits();
            System.out.print(history.out);
        }
        System.out.println("# EOF");
    }

    /** Requests per second at a time of the day. */
    double load(int step) {
        return loads[step];
    }

    /** The share of something that happened between two hours, and a little of it always. */
    double incident(int step, double from, double to, double share) {
        double hour = step * 24.0 / STEPS;
        return hour > from && hour < to ? share : share / 100;
    }

    interface Rate {
        double at(int step);
    }

    void counter(String metric, String labels, Rate rate) {
        double sum = 0;
        for (int step = 0; step <= STEPS; step++) {
            sample(metric, labels, Math.floor(sum), step);
            sum += STEP * rate.at(step);
        }
    }

    void gauge(String metric, String labels, Rate value) {
        for (int step = 0; step <= STEPS; step++) {
            sample(metric, labels, Math.round(value.at(step)), step);
        }
    }

    /** Log-normal around a median. */
    void histogram(String metric, String labels, List<Double> bounds, Rate rate, Rate median) {
        var buckets = new ArrayList<>(bounds);
        buckets.add(Double.POSITIVE_INFINITY);
        for (double bound : buckets) {
            var le = Double.isInfinite(bound) ? "+Inf" : String.valueOf(bound);
            counter(metric + "_bucket", labels + (labels.isEmpty() ? "" : ",") + "le=\"" + le + "\"",
                    step -> rate.at(step) * share(bound / median.at(step)));
        }
        counter(metric + "_count", labels, rate);
    }

    static double share(double ratio) {
        return 1 / (1 + Math.pow(ratio, -2.6));
    }

    void sample(String metric, String labels, double value, int step) {
        out.append(String.format(Locale.ROOT, "%s{tenant=\"%s\",namespace=\"%s\",pod=\"%s-0\"%s} %.0f %d\n", metric, tenant, tenant,
                tenant, labels.isEmpty() ? "" : "," + labels, value, first + (long) step * STEP));
    }

    void requests() {
        var http = List.of(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0, 120.0);
        for (var status : List.of("200", "401", "429", "502", "503")) {
            histogram("http_server_request_duration_seconds",
                    "http_request_method=\"POST\",http_route=\"/chat/completions\",http_response_status_code=\"" + status + "\"", http,
                    step -> load(step) * switch (status) {
                        case "401" -> 0.01;
                        case "429" -> incident(step, 10, 11.5, 0.12);
                        case "502" -> incident(step, 14, 14.6, 0.09);
                        case "503" -> incident(step, 8, 8.3, 0.2);
                        default -> 0.9;
                    },
                    step -> status.equals("200") ? 1.1 + load(step) / 60 : 0.02);
        }
        for (var code : List.of("unauthenticated", "rate_limited", "iam_unreachable", "shared_api_unreachable", "shared_api_timeout")) {
            counter("inference_proxy_errors_total", "code=\"" + code + "\"", step -> load(step) * switch (code) {
                case "unauthenticated" -> 0.01;
                case "rate_limited" -> incident(step, 10, 11.5, 0.12);
                case "iam_unreachable" -> incident(step, 8, 8.3, 0.2);
                case "shared_api_unreachable" -> incident(step, 14, 14.6, 0.06);
                default -> incident(step, 14, 14.6, 0.03);
            });
        }
        gauge("http_server_active_requests", "", step -> load(step) * 1.6);
        gauge("inference_proxy_active_streams", "", step -> load(step) * 1.1);
        gauge("inference_proxy_client_connections", "", step -> 20 + load(step) * 3);
        gauge("inference_proxy_secret_info", "fingerprint=\"" + (tenant.equals("research") ? "3f1c9a0be2d47758" : "a90c41d7725e6b13") + "\",reload=\"true\",url=\"https://shared.example.com\"", step -> 1);
    }

    void models() {
        var firstToken = List.of(.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1.0, 2.5, 5.0, 7.5, 10.0);
        for (var model : List.of("llama-3.3-70b", "pharia-1-7b")) {
            double part = model.startsWith("llama") ? 0.7 : 0.3;
            var name = "gen_ai_operation_name=\"chat\",gen_ai_request_model=\"" + model + "\"";
            histogram("gen_ai_server_time_to_first_token_seconds", name, firstToken, step -> part * load(step),
                    step -> part * (0.25 + load(step) / 120));
            counter("gen_ai_client_token_usage_sum", name + ",gen_ai_token_type=\"input\"", step -> part * load(step) * 900);
            counter("gen_ai_client_token_usage_sum", name + ",gen_ai_token_type=\"output\"", step -> part * load(step) * 260);
            for (var user : List.of("amara", "bo", "chidi", "dana", "elif", "farid")) {
                double share = 1.0 / (2 + user.length() + user.charAt(0) - 'a');
                counter("inference_proxy_user_tokens_total", "user=\"" + user + "\",gen_ai_request_model=\"" + model + "\",gen_ai_token_type=\"output\"",
                        step -> part * load(step) * 260 * share);
            }
        }
        counter("inference_proxy_uncounted_requests_total", "reason=\"compressed\"", step -> load(step) * 0.004);
        counter("inference_proxy_uncounted_requests_total", "reason=\"body_too_large\"", step -> load(step) * 0.001);
    }

    void iam() {
        for (var result : List.of("hit", "miss", "joined", "circuit_open")) {
            counter("inference_proxy_auth_lookups_total", "result=\"" + result + "\"", step -> load(step) * switch (result) {
                case "hit" -> 0.95;
                case "miss" -> 0.03;
                case "joined" -> 0.01;
                default -> incident(step, 8, 8.3, 0.3);
            });
        }
        counter("inference_proxy_auth_refreshes_total", "decision=\"allowed\"", step -> load(step) * 0.05);
        for (var decision : List.of("allowed", "denied", "unauthenticated", "unavailable")) {
            histogram("inference_proxy_iam_duration_seconds", "decision=\"" + decision + "\"",
                    List.of(.005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0),
                    step -> load(step) * switch (decision) {
                        case "allowed" -> 0.07;
                        case "unavailable" -> incident(step, 8, 8.3, 0.2);
                        default -> 0.008;
                    },
                    step -> 0.02 + load(step) / 4000);
        }
    }

    void limits() {
        counter("inference_proxy_limited_requests_total", "limit=\"user_tokens_per_minute\"", step -> load(step) * incident(step, 10, 11.5, 0.09));
        counter("inference_proxy_limited_requests_total", "limit=\"requests\"", step -> load(step) * incident(step, 10, 11.5, 0.03));
        gauge("inference_proxy_queued_requests", "", step -> load(step) * incident(step, 10, 11.5, 0.4));
        histogram("inference_proxy_queue_duration_seconds", "", List.of(.01, .05, .1, .5, 1.0, 5.0, 10.0),
                step -> load(step) * incident(step, 10, 11.5, 0.3), step -> 0.4);
    }
}
