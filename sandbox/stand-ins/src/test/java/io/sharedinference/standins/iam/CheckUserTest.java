package io.sharedinference.standins.iam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.standins.server.StandInServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckUserTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USERS = """
        {"serviceUsers": {
           "tenant1": {"name": "Tenant 1", "description": "", "roles": ["InferenceServiceUser"]},
           "idle":    {"name": "Idle", "roles": []}},
         "demoUsers": {
           "alice": {"email": "alice@tenant1.example", "permissions": [
              {"permission": "KernelAccess"}, {"permission": "ExecuteJobs"},
              {"permission": "AccessModel", "model": "echo-small"}]},
           "mallory": {"email": "mallory@tenant1.example", "permissions": []}}}
        """;

    @TempDir
    private Path mount;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private StandInServer iam;

    @BeforeEach
    void start() throws IOException {
        publish("first", USERS, "tenant1-token");
        iam = Main.start(0, mount, log::add);
    }

    @AfterEach
    void stop() {
        iam.close();
        client.close();
    }

    @ParameterizedTest(name = "{0} requests {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "alice   | []                                                       | []",
                "alice   | [{'permission':'ExecuteJobs'}]                           | [{'permission':'ExecuteJobs'}]",
                "alice   | [{'permission':'NuminousAccess'}]                        | []",
                "alice   |"
                    + " [{'permission':'ExecuteJobs'},{'permission':'AccessAssistant'},{'permission':'KernelAccess'}]|"
                    + " [{'permission':'ExecuteJobs'},{'permission':'KernelAccess'}]",
                "alice   | [{'permission':'AccessModel','model':'echo-small'}]      |"
                        + " [{'permission':'AccessModel','model':'echo-small'}]",
                "alice   | [{'permission':'AccessModel','model':'echo-large'}]      | []",
                "alice   | [{'permission':'AccessModel','model':'*'}]               | []",
                "mallory | [{'permission':'ExecuteJobs'}]                           | []",
                "tenant1 | [{'permission':'AccessModel','model':'*'},{'permission':'ExecuteJobs'}]"
                        + "| [{'permission':'AccessModel','model':'*'},{'permission':'ExecuteJobs'}]",
                "tenant1 | [{'permission':'AccessModel','model':'whatever'}]        |"
                        + " [{'permission':'AccessModel','model':'whatever'}]",
                "tenant1 | [{'permission':'KernelAccess'}]                          | []",
                "idle    | [{'permission':'ExecuteJobs'}]                           | []",
            })
    void returnsTheGrantedSubsetInRequestOrder(String user, String requested, String granted) throws Exception {
        HttpResponse<String> response = check("Bearer " + user + "-token", body(requested));
        assertEquals(200, response.statusCode(), response.body());
        assertEquals(json(granted), JSON.readTree(response.body()).path("permissions"));
        assertEquals(user, JSON.readTree(response.body()).path("sub").asText());
    }

    @Test
    void returnsNoEmailForServiceUsers() throws Exception {
        assertEquals(
                json("{'sub':'alice','email':'alice@tenant1.example','email_verified':true,'permissions':[]}"),
                JSON.readTree(check("Bearer alice-token", body("[]")).body()));
        assertEquals(
                json("{'sub':'tenant1','email':null,'email_verified':null,'permissions':[]}"),
                JSON.readTree(check("Bearer tenant1-token", body("[]")).body()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer alice",
                "Bearer alice-token-and-more",
                "Basic alice-token",
                "alice-token"
            })
    void rejectsInvalidTokens(String authorization) throws Exception {
        HttpResponse<String> response = check(authorization, body("[]"));
        assertEquals(401, response.statusCode());
        assertEquals(
                json("{'error':'unauthenticated','error_description':'Invalid token'}"),
                JSON.readTree(response.body()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{'permissions':{}}",
                "{'permissions':['ExecuteJobs']}",
                "{'permissions':[{'permission':'FlyToTheMoon'}]}",
                "{'permissions':[{'permission':'AccessModel'}]}"
            })
    void rejectsBodiesWithoutValidPermissions(String body) throws Exception {
        HttpResponse<String> response = check("Bearer alice-token", body.replace('\'', '"'));
        assertEquals(400, response.statusCode());
        assertEquals("bad_request", JSON.readTree(response.body()).path("error").asText());
    }

    @Test
    void reloadsChangedUsers() throws Exception {
        publish("second", USERS.replace("\"idle\"", "\"newcomer\""), "rotated-token");
        assertEquals(401, check("Bearer tenant1-token", body("[]")).statusCode());
        assertEquals(401, check("Bearer idle-token", body("[]")).statusCode());
        assertEquals(200, check("Bearer rotated-token", body("[]")).statusCode());
        assertEquals(200, check("Bearer newcomer-token", body("[]")).statusCode());
    }

    @Test
    void keepsPreviousUsersIfNewOnesAreInvalid() throws Exception {
        publish("broken", "{", "tenant1-token");
        assertEquals(200, check("Bearer alice-token", body("[]")).statusCode());
        assertTrue(log.getFirst().contains("keeping the previous ones"), log.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"serviceUsers\":{\"x\":{\"roles\":[\"Emperor\"]}}}         | Emperor",
                "{\"serviceUsers\":{\"without-token\":{\"roles\":[]}}}        | without-token",
                "not json                                                     | users.json",
            })
    void failsToStartWithInvalidUsers(String users, String reported, @TempDir Path other) throws Exception {
        Files.writeString(other.resolve("users.json"), users);
        if (users.contains("\"x\"")) {
            token(other, "service-users", "x", "t");
        }
        Exception failure = assertThrows(
                IllegalArgumentException.class,
                () -> Main.start(0, other, log::add).close());
        assertTrue(
                reported.equals("users.json")
                        ? failure.getMessage().contains(other.toString())
                        : failure.getMessage().contains(reported),
                failure.getMessage());
    }

    @Test
    void doesNotLogProbes() throws Exception {
        HttpRequest probe = HttpRequest.newBuilder(URI.create("http://localhost:" + iam.port() + "/health"))
                .timeout(Duration.ofSeconds(10))
                .build();
        assertEquals("ok\n", client.send(probe, BodyHandlers.ofString()).body());
        iam.close();
        assertEquals(List.of(), log);
    }

    @Test
    void neverLogsTokens() throws Exception {
        check("Bearer alice-token", body("[{'permission':'ExecuteJobs'}]"));
        check("Bearer wrong-token", body("[]"));
        iam.close();
        assertTrue(log.stream().anyMatch(line -> line.contains("sub=alice")), log.toString());
        assertFalse(log.toString().contains("-token"), log.toString());
    }

    /** Replaces the mount's content as the kubelet does: a new directory, then an atomic change of a symbolic link. */
    private void publish(String name, String users, String tenantToken) throws IOException {
        Path content = Files.createDirectory(mount.resolve(".." + name));
        Files.writeString(content.resolve("users.json"), users);
        token(content, "service-users", "tenant1", tenantToken);
        token(
                content,
                "service-users",
                users.contains("newcomer") ? "newcomer" : "idle",
                users.contains("newcomer") ? "newcomer-token" : "idle-token");
        token(content, "demo-users", "alice", "alice-token");
        token(content, "demo-users", "mallory", "mallory-token\n");
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), content.getFileName());
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void token(Path root, String kind, String name, String token) throws IOException {
        Files.writeString(
                Files.createDirectories(root.resolve(kind).resolve(name)).resolve("token"), token);
    }

    private HttpResponse<String> check(String authorization, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + iam.port() + "/check_user"))
                .POST(BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String body(String permissions) {
        return "{\"permissions\":" + permissions.replace('\'', '"') + "}";
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
