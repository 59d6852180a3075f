package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.sharedinference.usage.RealPrometheus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageCommandTest {

    private static final String PERIOD = "--from 2026-06-01 --to 2026-06-03 ";
    private static final String SAMPLES = """
            gen_ai_client_token_usage_sum{tenant="blue",pod="a",gen_ai_request_model="llama",gen_ai_token_type="input"} 1000000 1780311600
            gen_ai_client_token_usage_sum{tenant="blue",pod="a",gen_ai_request_model="llama",gen_ai_token_type="output"} 500000 1780311600
            gen_ai_client_token_usage_sum{tenant="blue",pod="a",gen_ai_request_model="=cmd|\\"x\\"",gen_ai_token_type="input"} 1 1780311600
            gen_ai_client_token_usage_sum{tenant="green",pod="b",gen_ai_request_model="llama",gen_ai_token_type="input"} 499999 1780398000
            gen_ai_server_request_duration_seconds_count{tenant="blue",pod="a",gen_ai_request_model="llama"} 12 1780311600
            inference_proxy_user_tokens_total{tenant="blue",pod="a",user="ann",gen_ai_request_model="llama",gen_ai_token_type="input"} 70 1780311600
            inference_proxy_user_tokens_total{tenant="green",pod="b",user="ann",gen_ai_request_model="llama",gen_ai_token_type="output"} 30 1780311600
            """;

    @TempDir
    private Path project;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void createProject() throws IOException {
        Files.writeString(project.resolve("Pulumi.yaml"), "name: shared-inference\nruntime: java\n");
    }

    @Test
    void printsTokensAndSharesByTenant() throws IOException {
        try (var prometheus = RealPrometheus.with(project, SAMPLES)) {
            shared(prometheus.url().toString());
            assertEquals(0, execute("usage " + PERIOD), err.toString());
            assertEquals("""
                    2026-06-01T00:00:00Z to 2026-06-04T00:00:00Z

                    TENANT      INPUT   OUTPUT     TOKENS  REQUESTS    SHARE
                    blue    1,000,001  500,000  1,500,001        12  75.00 %
                    green     499,999        0    499,999         0  25.00 %
                    TOTAL   1,500,000  500,000  2,000,000        12
                    """, out.toString());
        }
    }

    @Test
    void groupsByModelAndUser() throws IOException {
        try (var prometheus = RealPrometheus.with(project, SAMPLES)) {
            shared(prometheus.url().toString());
            assertEquals("""
                    tenant,model,input_tokens,output_tokens,tokens,requests,share_percent\r
                    blue,llama,1000000,500000,1500000,12,100.00\r
                    blue,"'=cmd|""x""\",1,0,1,0,0.00\r
                    """, printed("usage blue --csv --by tenant,model " + PERIOD));
            assertEquals(
                    "tenant,user,input_tokens,output_tokens,tokens,requests,share_percent\r\n"
                            + "blue,ann,70,0,70,,70.00\r\ngreen,ann,0,30,30,,30.00\r\n",
                    printed("usage --csv --by user " + PERIOD));
        }
    }

    @Test
    void printsJson() throws IOException {
        try (var prometheus = RealPrometheus.with(project, SAMPLES)) {
            shared(prometheus.url().toString());
            var json = json("usage --json " + PERIOD);
            assertEquals("2026-06-01T00:00:00Z", json.path("from").asText());
            assertEquals("[\"tenant\"]", json.path("by").toString());
            assertEquals(2_000_000, json.path("total").path("tokens").asLong());
            assertEquals(
                    "{\"tenant\":\"blue\",\"inputTokens\":1000001,\"outputTokens\":500000,\"tokens\":1500001,"
                            + "\"requests\":12,\"sharePercent\":75.0}",
                    json.path("usage").path(0).toString());
        }
    }

    @Test
    void writesAPage() throws IOException {
        try (var prometheus = RealPrometheus.with(project, SAMPLES)) {
            shared(prometheus.url().toString());
            var page = project.resolve("usage.html");
            assertEquals("Wrote " + page + ".\n", printed("usage --html " + page + " " + PERIOD));
            var html = Files.readString(page);
            assertTrue(html.contains("<td>=cmd|&quot;x&quot;</td>") && html.contains("<td>ann</td>"), html);
            assertEquals(2, execute("usage --html /no/such/directory/usage.html " + PERIOD));
            assertTrue(err.toString().contains("Fix: pass a file in a writable directory"), err.toString());
        }
    }

    @Test
    void explainsWhatIsMissing() throws IOException {
        try (var prometheus = RealPrometheus.with(project, SAMPLES.replaceAll("(?m)^inference.*\\n", ""))) {
            shared(prometheus.url().toString());
            assertFails("usage --since 3h", "has no requests of any tenant", "Fix: check that it scrapes the proxies");
            assertFails("usage --by user " + PERIOD, "no tokens are counted by user", "Fix: set USER_METRICS");
            assertFails("usage blu " + PERIOD, "tenant blu not found", "Fix: did you mean blue?");
        }
    }

    @Test
    void refusesAPeriodThatPrometheusNoLongerHas() throws IOException {
        try (var prometheus = RealPrometheus.with(project, SAMPLES, "3w")) {
            shared(prometheus.url().toString());
            assertFails(
                    "usage --since 22d",
                    "keeps samples for 21 days",
                    "Fix: choose a later period, for example --since 21d");
            assertFails("usage --since 21d", "has no requests of any tenant", "Fix: ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            500 | text/html        | <h1>oops</h1>                           | does not serve the API of Prometheus
            200 | text/html        | <h1>welcome</h1>                        | does not serve the API of Prometheus
            200 | application/json | [1]                                     | does not serve the API of Prometheus
            200 | application/json | {"status":"success","data":{"result":[  | does not serve the API of Prometheus
            302 | text/html        | to the login                            | requires a login: HTTP 302
            401 | text/plain       | Unauthorized                            | requires a login: HTTP 401
            503 | application/json | {"status":"error","error":"timed out"}  | sent an incomplete result: timed out
            503 | application/json | {"status":"error"}                      | sent an incomplete result: it does not report success
            200 | application/json | {"status":"success","data":{"result":[]},"warnings":["a store is down"]} | a store is down
            """)
    void explainsOtherResponses(int status, String type, String body, String message) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Location", "/login");
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes());
            exchange.close();
        });
        server.start();
        try {
            shared("http://127.0.0.1:" + server.getAddress().getPort());
            assertFails("usage", message, "Fix: ");
            assertFails("usage red", message, "Fix: "); // looks up the names of tenants first
        } finally {
            server.stop(0);
        }
    }

    @Test
    void explainsAnUnreachablePrometheus() throws IOException {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        shared("http://127.0.0.1:" + port);
        assertFails("usage", "cannot reach Prometheus at http://127.0.0.1:" + port, "Fix: check prometheusUrl");
    }

    @Test
    void explainsAMissingKey() throws IOException {
        assertFails("usage", "has the role shared", "Fix: pass the project directory of the shared stack");
        shared("");
        assertFails(
                "usage",
                "no Prometheus server is configured: Pulumi.shared.yaml has no prometheusUrl",
                "Fix: pulumi config set prometheusUrl https://prometheus.example.com --stack shared");
    }

    @ParameterizedTest
    @CsvSource({
        "--since 30, --since",
        "--since 0d, --since",
        "--since 3d --from 2026-01-01, either --since or",
        "--to 2026-01-01, --to requires --from",
        "--from 2026-01-02 --to 2026-01-01, --to must be",
        "--from yesterday, --from",
        "--by colour, invalid value for --by: not one of its values",
        "--by TENANT, invalid value for --by: not one of its values",
        "'--csv --json', 'specify one of --json, --csv and --html'",
        "'--html a.html --json', 'specify one of --json, --csv and --html'"
    })
    void rejectsInvalidOptions(String options, String message) {
        assertEquals(2, execute("usage " + options));
        assertTrue(err.toString().contains(message), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void helpShowsTheDimensions() {
        assertEquals(0, execute("usage --help"));
        assertTrue(
                out.toString().replaceAll("\\s+", " ").contains("One row for each of tenant, model, user, or several"));
    }

    private void shared(String url) throws IOException {
        Files.writeString(project.resolve("Pulumi.shared.yaml"), """
                config:
                  shared-inference:role: shared
                  shared-inference:context: gpu
                  shared-inference:chart: oci://registry.example.com/pharia-ai
                  shared-inference:domain: shared.example.com
                  shared-inference:prometheusUrl: "%s"
                """.formatted(url));
    }

    private void assertFails(String line, String cause, String fix) throws IOException {
        assertEquals(2, execute(line + " --json"));
        assertTrue(err.toString().contains(cause) && err.toString().contains(fix), err.toString());
        assertTrue(
                new ObjectMapper()
                        .readTree(out.toString())
                        .path("error")
                        .asText()
                        .contains(cause),
                out.toString());
        err.getBuffer().setLength(0);
        out.getBuffer().setLength(0);
    }

    private JsonNode json(String line) throws IOException {
        return new ObjectMapper().readTree(printed(line));
    }

    private String printed(String line) {
        out.getBuffer().setLength(0);
        assertEquals(0, execute(line), err.toString());
        return out.toString();
    }

    private int execute(String line) {
        var arguments = new ArrayList<>(List.of(line.strip().split(" +")));
        arguments.addAll(List.of("--cwd", project.toString()));
        return Tenant.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }
}
