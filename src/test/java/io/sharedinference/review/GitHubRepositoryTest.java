package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GitHubRepositoryTest {

    private static final String MARKER = "<!-- shared-inference stack tenant1 -->\n";

    private final FakeGitHub gitHub;
    private final List<Duration> pauses = new ArrayList<>();
    private final GitHubRepository repository;

    GitHubRepositoryTest() throws IOException {
        gitHub = new FakeGitHub();
        repository = repository("the-token");
    }

    @AfterEach
    void stop() {
        gitHub.close();
    }

    @Test
    void updatesCommentOfStack() {
        comment("first");
        comment("second");
        assertEquals(List.of(MARKER + "second"), gitHub.comments());
    }

    @Test
    void keepsUnchangedComment() {
        comment("same");
        comment("same");
        assertEquals(
                1,
                gitHub.requests().stream()
                        .filter(request -> !request.startsWith("GET"))
                        .count());
    }

    @Test
    void findsCommentOnLaterPage() {
        for (int i = 0; i < 7; i++) {
            gitHub.commented("somebody", "chatter " + i);
        }
        gitHub.commented("bot", MARKER + "old");
        comment("new");
        assertEquals(8, gitHub.comments().size());
        assertEquals(MARKER + "new", gitHub.comments().get(7));
    }

    @Test
    void ignoresMarkersOfOtherAuthors() {
        gitHub.commented("somebody", MARKER + "forged");
        comment("real");
        assertEquals(List.of(MARKER + "forged", MARKER + "real"), gitHub.comments());
    }

    @Test
    void updatesCommentsOfStacksThatAreNoLongerAffected() {
        comment("a");
        repository.comment(1, Map.of("shared", "b"), stack -> stack + " is obsolete");
        assertEquals(
                List.of(MARKER + "tenant1 is obsolete", MARKER.replace("tenant1", "shared") + "b"), gitHub.comments());
    }

    @Test
    void retriesAfterServerErrors() {
        gitHub.failNext(502, Map.of());
        gitHub.failNext(500, Map.of());
        comment("text");
        assertEquals(List.of(MARKER + "text"), gitHub.comments());
        assertEquals(List.of(Duration.ofSeconds(2), Duration.ofSeconds(4)), pauses);
    }

    @Test
    void waitsForRateLimit() {
        gitHub.failNext(429, Map.of("Retry-After", "7"));
        gitHub.failNext(
                403,
                Map.of(
                        "x-ratelimit-remaining",
                        "0",
                        "x-ratelimit-reset",
                        String.valueOf(Instant.now().getEpochSecond() + 60)));
        comment("text");
        assertEquals(Duration.ofSeconds(7), pauses.get(0));
        assertTrue(Math.abs(pauses.get(1).toSeconds() - 61) <= 5, pauses.toString());
    }

    @Test
    void failsAfterMaximumWait() {
        gitHub.failNext(429, Map.of("Retry-After", "3600"));
        assertTrue(assertThrows(GitHubException.class, () -> comment("text"))
                .getMessage()
                .contains("again later"));
        for (int i = 0; i < 5; i++) {
            gitHub.failNext(503, Map.of());
        }
        assertThrows(GitHubException.class, () -> comment("text"));
        assertEquals(List.of(), gitHub.comments());
    }

    @Test
    void reportsRejectedTokenWithoutRetryAndWithoutShowingIt() {
        GitHubException error = assertThrows(
                GitHubException.class, () -> repository("another-token").comment(1, Map.of("a", "b"), stack -> stack));
        assertTrue(error.getMessage().contains("HTTP 401: Bad credentials"), error.getMessage());
        assertTrue(error.getMessage().contains("pull-requests: write"), error.getMessage());
        assertTrue(!error.getMessage().contains("another-token"), error.getMessage());
        assertEquals(List.of(), pauses);
    }

    @Test
    void closesIssueOfStackWithoutDrift() {
        repository.report("tenant1", "Drift: tenant1", "a");
        repository.report("tenant1", "Drift: tenant1", "b");
        assertEquals(List.of("open Drift: tenant1"), gitHub.issues());
        repository.resolve(Set.of("tenant1"));
        assertEquals(List.of("closed Drift: tenant1"), gitHub.issues());
    }

    @Test
    void findsPullRequestByHeadCommit() {
        gitHub.pullRequest(1, "old");
        gitHub.pullRequest(2, "other");
        gitHub.pullRequest(3, "this");
        assertEquals(Optional.of(3), repository.pullRequest("fork", "branch", "this"));
        assertEquals(Optional.empty(), repository.pullRequest("fork", "branch", "newer"));
    }

    private void comment(String text) {
        repository.comment(1, Map.of("tenant1", text), stack -> stack);
    }

    private GitHubRepository repository(String token) {
        return new GitHubRepository(
                new GitHubClient(
                        gitHub.url()
                                .newBuilder()
                                .addPathSegments("repos/" + FakeGitHub.REPOSITORY)
                                .build(),
                        Token.of(token),
                        pauses::add),
                "bot");
    }
}
