package io.sharedinference.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.secrets.Token;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Updates one comment per stack on a pull request, and one issue per stack with drift. */
public final class GitHubRepository {

    /** Maximum length of the marker, which is added to each comment and issue. */
    public static final int MARKER_LENGTH = 200;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern MARKER = Pattern.compile("<!-- shared-inference stack ([\\w.-]+) -->");

    private final GitHubClient api;
    private final String author;

    /**
     * @param author login of the token. Markers of other authors are ignored, because anyone can copy a marker
     */
    public GitHubRepository(HttpUrl api, String repository, Token token, String author) {
        this(
                new GitHubClient(
                        api.newBuilder().addPathSegments("repos/" + repository).build(),
                        token,
                        time -> Thread.sleep(time.toMillis())),
                author);
    }

    GitHubRepository(GitHubClient api, String author) {
        this.api = api;
        this.author = author;
    }

    /**
     * Creates or updates a stack's comment.
     *
     * @param texts    by stack; each shorter than GitHub's limit by {@link #MARKER_LENGTH}
     * @param obsolete creates the text for a stack that has a comment but is no longer in {@code texts}
     */
    public void comment(int pullRequest, Map<String, String> texts, UnaryOperator<String> obsolete) {
        var existing = marked(api.url("issues/" + pullRequest + "/comments"));
        var wanted = new TreeMap<>(texts);
        existing.keySet().forEach(stack -> wanted.computeIfAbsent(stack, obsolete));
        wanted.forEach((stack, text) -> {
            var body = body(stack, text);
            var comment = Optional.ofNullable(existing.get(stack));
            if (comment.isEmpty()) {
                api.post(api.url("issues/" + pullRequest + "/comments"), body);
            } else if (!comment.get()
                    .path("body")
                    .asText()
                    .equals(body.path("body").asText())) {
                api.patch(api.url("issues/comments/" + comment.get().path("id").asLong()), body);
            }
        });
    }

    /** Opens an issue, or updates the open one. */
    public void report(String stack, String title, String text) {
        var body = body(stack, text).put("title", title);
        Optional.ofNullable(openIssues().get(stack))
                .ifPresentOrElse(
                        issue -> api.patch(
                                api.url("issues/" + issue.path("number").asLong()), body),
                        () -> api.post(api.url("issues"), body));
    }

    /** Closes the open issues of stacks without drift. */
    public void resolve(Set<String> stacks) {
        openIssues().forEach((stack, issue) -> {
            if (stacks.contains(stack)) {
                api.patch(
                        api.url("issues/" + issue.path("number").asLong()),
                        JSON.createObjectNode().put("state", "closed"));
            }
        });
    }

    /** Number of the open pull request with this head commit; empty if there is none. */
    public Optional<Integer> pullRequest(String headOwner, String branch, String commit) {
        return api
                .list(api.url("pulls")
                        .addQueryParameter("state", "open")
                        .addQueryParameter("head", headOwner + ":" + branch))
                .stream()
                .filter(pull -> pull.path("head").path("sha").asText().equals(commit))
                .map(pull -> pull.path("number").asInt())
                .findFirst();
    }

    private Map<String, JsonNode> openIssues() {
        return marked(api.url("issues").addQueryParameter("state", "open"));
    }

    private Map<String, JsonNode> marked(HttpUrl.Builder url) {
        var byStack = new TreeMap<String, JsonNode>();
        for (var text : api.list(url)) {
            var marker = MARKER.matcher(text.path("body").asText());
            if (text.path("user").path("login").asText().equals(author) && marker.lookingAt()) {
                byStack.putIfAbsent(marker.group(1), text);
            }
        }
        return byStack;
    }

    private static ObjectNode body(String stack, String text) {
        return JSON.createObjectNode().put("body", "<!-- shared-inference stack " + stack + " -->\n" + text);
    }
}
