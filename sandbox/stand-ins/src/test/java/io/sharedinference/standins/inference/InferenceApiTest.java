package io.sharedinference.standins.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.standins.server.StandInServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class InferenceApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODELS = """
        [{"name":"echo-small","status":"available","max_context_size":8192},{"name":"echo-large","status":"available"}]\
        """;

    @TempDir
    private Path files;

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final Semaphore mayContinue = new Semaphore(1_000_000);
    private final HttpClient client = HttpClient.newHttpClient();
    private StandInServer iam;
    private StandInServer inference;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(files.resolve("users.json"), """
            {"serviceUsers": {"tenant1": {"name": "t", "roles": ["InferenceServiceUser"]}},
             "demoUsers": {"mallory": {"email": "m@example.org", "permissions": []}}}
            """);
        token("service-users", "tenant1");
        token("demo-users", "mallory");
        Path config = Files.writeString(
                files.resolve("config.json"),
                "{\"version\":\"2.9.0\",\"models\":" + MODELS + ",\"stream\":{\"events\":3,\"delayMillis\":1}}");
        iam = io.sharedinference.standins.iam.Main.start(0, files, line -> {});
        URI iamUrl = URI.create("http://localhost:" + iam.port() + "/");
        inference = Main.start(0, iamUrl, config, delay -> mayContinue.acquire(), log::add);
    }

    @AfterEach
    void stop() {
        inference.close();
        iam.close();
        client.close();
    }

    @Test
    void versionRequiresNoToken() throws Exception {
        HttpResponse<String> response = client.send(request("version").build(), BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        assertEquals("2.9.0", response.body());
        assertTrue(response.headers().firstValue("content-type").orElseThrow().startsWith("text/plain"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model-settings", "models_available", "models/echo-small/tokenizer"})
    void modelsRequireAToken(String path) throws Exception {
        assertEquals(
                401,
                client.send(request(path).build(), BodyHandlers.discarding()).statusCode());
        assertEquals(401, get(path, "wrong-token").statusCode());
        assertEquals(200, get(path, "mallory-token").statusCode());
    }

    @Test
    void returnsConfiguredModelSettingsWithNulls() throws Exception {
        JsonNode expected = JSON.readTree(MODELS);
        expected.forEach(model -> ((ObjectNode) model).putNull("embedding_type"));
        assertEquals(
                expected, JSON.readTree(get("model-settings", "tenant1-token").body()));
    }

    @ParameterizedTest(name = "{0} {1} -> {2} {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing-here     | {}                        | 404 | not_found",
                "complete         | {'model':'no-such-model'} | 404 | model_not_found",
                "complete         | not json                  | 400 | bad_request",
                "complete         | []                        | 400 | bad_request",
            })
    void rejectsInvalidRequests(String path, String body, int status, String error) throws Exception {
        HttpResponse<String> response = post(path, body, "tenant1-token");
        assertEquals(status, response.statusCode());
        assertEquals(error, JSON.readTree(response.body()).path("error").asText());
    }

    @Test
    void jobsRequireThePermissionAndTheIam() throws Exception {
        assertEquals(
                403, post("complete", "{'prompt':'hello'}", "mallory-token").statusCode());
        assertEquals(401, post("complete", "{'prompt':'hello'}", "wrong-token").statusCode());
        iam.close();
        assertEquals(
                503, post("complete", "{'prompt':'hello'}", "tenant1-token").statusCode());
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "complete             | {'model':'echo-small','prompt':'to be'}                    |"
                        + " /completions/0/completion | ' to be to'",
                "complete             | {'prompt':[{'type':'text','data':'parts'}]}                |"
                        + " /num_tokens_generated     | 3",
                "chat/completions     | {'messages':[{'role':'user','content':'hi there'}]}        |"
                        + " /choices/0/message/content| ' hi there hi'",
                "chat/completions     | {'messages':[{'role':'user','content':[{'text':'x'}]}]}    |"
                        + " /usage/total_tokens       | 4",
                "tokenize             | {'prompt':'ab'}                                            | /token_ids/1     "
                        + "         | 98",
                "detokenize           | {'token_ids':[97,128512]}                                  | /result          "
                        + "         | a😀",
                "embed                | {'prompt':'x','layers':[0]}                                |"
                        + " /num_tokens_prompt_total  | 1",
                "embeddings           | {'input':['x','y'],'model':'echo-large'}                   | /data/1/index    "
                        + "         | 1",
                "semantic_embed       | {'prompt':'x','representation':'symmetric'}                | /model_version   "
                        + "         | stand-in-1",
                "batch_semantic_embed | {'prompts':['x','y','z']}                                  |"
                        + " /num_tokens_prompt_total  | 3",
                "instructable_embed   | {'input':'x','instruction':'y'}                            |"
                        + " /num_tokens_prompt_total  | 2",
                "evaluate             | {'prompt':'one two','completion_expected':'two'}           |"
                        + " /result/correct_greedy    | true",
                "explain              | {'prompt':'four','target':'five'}                          |"
                        + " /explanations/0/target    | five",
                "translate            | {'source':'word','target_language':'de'}                   | /translation     "
                        + "         | word",
                "rerank               | {'query':'q','documents':['x','y']}                        |"
                        + " /results/1/document/text  | y",
            })
    void respondsToEachJobFromItsRequest(String path, String body, String pointer, String expected) throws Exception {
        HttpResponse<String> response = post(path, body, "tenant1-token");
        assertEquals(200, response.statusCode(), response.body());
        assertEquals(expected, JSON.readTree(response.body()).at(pointer).asText());
    }

    @Test
    void responsesToDifferentRequestsDiffer() throws Exception {
        for (String path : List.of("semantic_embed", "embed", "steering_concepts")) {
            assertNotEquals(
                    post(path, "{'prompt':'x'}", "tenant1-token").body(),
                    post(path, "{'prompt':'y'}", "tenant1-token").body(),
                    path);
        }
    }

    @Test
    void streamsChatWithUsageAndDone() throws Exception {
        List<String> events = events(post(
                "chat/completions",
                "{'stream':true,'stream_options':{'include_usage':true},'messages':[{'content':'one two'}]}",
                "tenant1-token"));
        assertEquals(6, events.size(), "3 chunks, the finish reason, the usage, [DONE]");
        assertEquals(
                " one",
                JSON.readTree(events.getFirst()).at("/choices/0/delta/content").asText());
        assertEquals(
                "stop",
                JSON.readTree(events.get(3)).at("/choices/0/finish_reason").asText());
        assertEquals(
                3, JSON.readTree(events.get(4)).at("/usage/completion_tokens").asInt());
        assertEquals("[DONE]", events.getLast());
    }

    @Test
    void streamsTheRequestedNumberOfEvents() throws Exception {
        HttpRequest request = job("complete", "{'stream':true,'prompt':'x'}", "tenant1-token")
                .header("x-stand-in-events", "20")
                .header("x-stand-in-padding", "100")
                .build();
        List<String> events = events(client.send(request, BodyHandlers.ofString()));
        assertEquals(22, events.size(), "20 chunks and two summaries");
        assertTrue(events.getFirst().contains(".".repeat(100)));
        assertEquals(
                "completion_summary",
                JSON.readTree(events.getLast()).path("type").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "1000001"})
    void rejectsAnInvalidNumberOfEvents(String events) throws Exception {
        HttpRequest request = job("complete", "{}", "tenant1-token")
                .header("x-stand-in-events", events)
                .build();
        assertEquals(400, client.send(request, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void sendsEachEventBeforeGeneratingTheNext() throws Exception {
        mayContinue.drainPermits();
        try (Socket socket = new Socket("localhost", inference.port());
                BufferedReader reader = open(socket, "3")) {
            for (String expected : List.of(" a", " b", " a")) {
                assertEquals(
                        expected,
                        JSON.readTree(nextEvent(reader)).path("completion").asText());
                assertFalse(log.stream().anyMatch(line -> line.contains("/complete")), "the response is complete");
                mayContinue.release();
            }
            assertEquals(
                    "stream_summary",
                    JSON.readTree(nextEvent(reader)).path("type").asText());
        }
    }

    @Test
    void logsThatAClientDisconnected() throws Exception {
        mayContinue.drainPermits();
        try (Socket socket = new Socket("localhost", inference.port());
                BufferedReader reader = open(socket, "1000000")) {
            nextEvent(reader);
            socket.setSoLinger(true, 0);
        }
        mayContinue.release(1_000_000);
        String line = log.poll(20, TimeUnit.SECONDS);
        assertTrue(line.contains("ended=client-disconnected"), line);
    }

    @Test
    void logsUserRouteAndModelButNoTokens() throws Exception {
        post("complete", "{'model':'echo-small','prompt':'secret prompt'}", "tenant1-token");
        String line = log.poll(10, TimeUnit.SECONDS);
        assertTrue(line.matches("\\S+ POST /complete status=200 sub=tenant1 model=echo-small"), line);
        post("complete", "{'model':'two\\nlines'}", "tenant1-token");
        assertTrue(log.poll(10, TimeUnit.SECONDS).endsWith("status=404 sub=tenant1 model=two_lines"));
        get("model-settings", "wrong-token");
        assertFalse(log.poll(10, TimeUnit.SECONDS).contains("wrong-token"));
    }

    private BufferedReader open(Socket socket, String events) throws IOException {
        String body = "{\"stream\":true,\"prompt\":\"a b\"}";
        socket.getOutputStream()
                .write("""
                    POST /complete HTTP/1.1\r
                    Host: localhost\r
                    Authorization: Bearer tenant1-token\r
                    x-stand-in-events: %s\r
                    Content-Length: %d\r
                    \r
                    %s\
                    """.formatted(events, body.length(), body).getBytes(StandardCharsets.UTF_8));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String nextEvent(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        while (!line.startsWith("data: ")) {
            line = reader.readLine();
        }
        return line.substring("data: ".length());
    }

    private static List<String> events(HttpResponse<String> response) {
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("content-type").orElseThrow());
        return List.of(response.body().strip().split("\n\n")).stream()
                .map(event -> event.substring("data: ".length()))
                .toList();
    }

    private void token(String kind, String name) throws IOException {
        Files.writeString(
                Files.createDirectories(files.resolve(kind).resolve(name)).resolve("token"), name + "-token");
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return client.send(
                request(path).header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String token) throws Exception {
        return client.send(job(path, body, token).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder job(String path, String body, String token) {
        return request(path)
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body.replace('\'', '"')));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + inference.port() + "/" + path));
    }
}
