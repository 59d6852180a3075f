package io.sharedinference.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.concurrency.Parallel;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import okhttp3.Authenticator;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The HTTP API of a Prometheus server. Thread-safe. */
public final class Prometheus {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(150); // the server's own limit is 120 by default

    private static final int PARALLEL = 4;

    private final URI url;
    private final Map<List<String>, Map<String, String>> knownLabels = new ConcurrentHashMap<>();
    private final OkHttpClient client = new OkHttpClient.Builder()
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(READ_TIMEOUT)
            .followRedirects(false)
            .addInterceptor(call -> call.proceed(call.request()
                    .newBuilder()
                    .header("Accept-Encoding", "identity") // compression takes the server longer than the queries
                    .build()))
            .proxyAuthenticator(Authenticator.JAVA_NET_AUTHENTICATOR)
            .build();

    /** @param url without a trailing slash */
    public Prometheus(URI url) {
        this.url = url;
    }

    URI url() {
        return url;
    }

    /** Evaluates a query once. */
    List<Series> query(String query, Instant at) {
        return read(
                "query",
                new FormBody.Builder()
                        .add("query", query)
                        .add("time", seconds(at))
                        .build());
    }

    /** The labels of the series in a period, from the index; the server may include some from shortly before and after. */
    List<Map<String, String>> series(String selector, Instant from, Instant to) {
        var form = new FormBody.Builder()
                .add("match[]", selector)
                .add("start", seconds(from))
                .add("end", seconds(to))
                .build();
        return read("series", form).stream().map(Series::labels).toList();
    }

    private List<Series> read(String path, FormBody form) {
        var found = new ArrayList<Series>();
        read(new Request.Builder().url(endpoint(path)).post(form).build(), found::add, value -> {});
        return found;
    }

    private void read(Request request, Consumer<Series> series, Consumer<String> values) {
        send(request, series, values).ifPresent(problem -> {
            throw new UsageException(
                    "Prometheus at " + url + " sent an incomplete result: " + problem
                            + ".\nFix: choose a shorter period, or raise --query.timeout and --query.max-samples of Prometheus.");
        });
    }

    /** Calls with each number from 0 on, concurrently, without more load than a dashboard. */
    static <T> List<T> all(int count, IntFunction<T> call) {
        var numbers = IntStream.range(0, count).boxed().toList();
        return new Parallel(PARALLEL, done -> {}).map(numbers, call::apply);
    }

    /** Values that a label had in a period; the server may include some from shortly before and after. */
    public List<String> labelValues(String label, Period period) {
        return labelValues(label, "{" + label + "!=\"\"}", period);
    }

    List<String> labelValues(String label, String selector, Period period) {
        var at = endpoint("label/" + label + "/values")
                .newBuilder()
                .addQueryParameter("match[]", selector)
                .addQueryParameter("start", seconds(period.from()))
                .addQueryParameter("end", seconds(period.last(period.slices() - 1)))
                .build();
        var values = new ArrayList<String>();
        read(new Request.Builder().url(at).build(), one -> {}, values::add);
        return values;
    }

    /** How long the server keeps samples; empty if it does not report it, or limits only their size. */
    Optional<Duration> retention() {
        var request = new Request.Builder().url(endpoint("status/runtimeinfo")).build();
        try (Response response = client.newCall(request).execute()) {
            return Retention.parse(JSON.readTree(response.body().byteStream())
                    .path("data")
                    .path("storageRetention")
                    .asText());
        } catch (JsonProcessingException e) {
            return Optional.empty(); // only Prometheus itself has this endpoint
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private Optional<String> send(Request request, Consumer<Series> series, Consumer<String> values) {
        try (Response response = client.newCall(request).execute()) {
            check(response);
            return ResponseReader.read(response.body().byteStream(), knownLabels, series, values);
        } catch (JsonProcessingException e) {
            throw foreign("its response is not valid JSON", e);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private UsageException unreachable(IOException e) {
        return new UsageException(
                "cannot reach Prometheus at " + url + ": " + reason(e)
                        + ".\nFix: check prometheusUrl of the shared stack. If the server has no URL outside its cluster,"
                        + " run kubectl port-forward, and set prometheusUrl to http://localhost:9090.",
                e);
    }

    /** Prometheus sends its errors as JSON; other types come from a proxy in front of it. */
    private void check(Response response) {
        boolean json = Optional.ofNullable(response.header("Content-Type"))
                .filter(type -> type.startsWith("application/json"))
                .isPresent();
        if (response.code() == 401 || response.code() == 403 || response.isRedirect()) {
            throw new UsageException(
                    "Prometheus at " + url + " requires a login: HTTP " + response.code()
                            + ".\nFix: forward its port with kubectl port-forward, and set prometheusUrl to http://localhost:9090.");
        }
        if (!json) {
            throw foreign("HTTP " + response.code() + " without JSON", new IOException());
        }
    }

    private UsageException foreign(String finding, IOException cause) {
        return new UsageException(
                url + " does not serve the API of Prometheus: " + finding
                        + ".\nFix: set prometheusUrl of the shared stack to the URL below which Prometheus serves"
                        + " /api/v1/query.",
                cause);
    }

    private HttpUrl endpoint(String path) {
        return Objects.requireNonNull(HttpUrl.get(url), "checked before")
                .newBuilder()
                .addPathSegments("api/v1/" + path)
                .build();
    }

    private static String seconds(Instant at) {
        return BigDecimal.valueOf(at.toEpochMilli(), 3).toPlainString();
    }

    private static String reason(IOException e) {
        return e instanceof UnknownHostException
                ? "the host name does not resolve"
                : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
