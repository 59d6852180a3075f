package io.sharedinference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.review.GitHubRepository;
import io.sharedinference.review.Markdown;
import io.sharedinference.review.Review;
import io.sharedinference.review.ReviewArtifact;
import io.sharedinference.secrets.Redaction;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "comment",
        description = "Post previews to GitHub as comments, or drift as issues",
        footer = {
            "",
            "DIR is the output of tenant preview --output. Set GITHUB_TOKEN, GITHUB_REPOSITORY and, for GitHub"
                    + " Enterprise, GITHUB_API_URL. Without --pull-request, the pull request is read from the event in"
                    + " GITHUB_EVENT_PATH.",
            "",
            "Examples:",
            "  ./tenant comment previews/ --pull-request 42",
            "  ./tenant comment drift/ --issues"
        })
final class CommentCommand extends ProjectCommand {

    private static final Redaction REDACTION = Redaction.of(List.of()); // known secrets were masked by preview

    @Parameters(paramLabel = "DIR", description = "Directory with the previews")
    private Path directory;

    @Option(names = "--pull-request", paramLabel = "N", description = "Number of the pull request to comment on")
    private Optional<Integer> pullRequest;

    @Option(names = "--issues", description = "Open, update and close issues instead of comments")
    private boolean issues;

    @Option(names = "--full", paramLabel = "URL", description = "Link to the full previews")
    private Optional<String> full;

    @Option(
            names = "--author",
            paramLabel = "LOGIN",
            defaultValue = "github-actions[bot]",
            description = "GitHub login of the token (default: ${DEFAULT-VALUE})")
    private String author;

    @Override
    public Integer call() {
        List<Review> reviews = reviews();
        GitHubRepository repository = repository();
        if (issues) {
            report(repository, reviews);
        } else if (pullRequest.isPresent()) {
            comment(repository, pullRequest.get(), reviews);
        } else {
            commentOnEvent(repository, reviews);
        }
        if (options().json()) {
            var json = new ObjectMapper().createObjectNode().put("done", true);
            var stacks = json.putArray("stacks");
            reviews.forEach(review -> stacks.add(review.stack()));
            print(json);
        }
        return ExitCode.SUCCESS;
    }

    /** Finds the pull request by the commit of a workflow_run event, which has no number for forks. */
    private void commentOnEvent(GitHubRepository repository, List<Review> reviews) {
        JsonNode run = event().path("workflow_run");
        JsonNode head = run.path("head_repository");
        // written by untrusted code of a fork, which can only render
        List<Review> trusted = head.path("full_name").asText().equals(variable("GITHUB_REPOSITORY"))
                ? reviews
                : reviews.stream().map(Review::asRendering).toList();
        repository
                .pullRequest(
                        head.path("owner").path("login").asText(),
                        run.path("head_branch").asText(),
                        run.path("head_sha").asText())
                .ifPresentOrElse(
                        number -> comment(repository, number, trusted),
                        () -> err().println("Nothing posted: the pull request is closed or has a newer commit."));
    }

    private void comment(GitHubRepository repository, int number, List<Review> reviews) {
        repository.comment(
                number,
                reviews.stream().collect(Collectors.toMap(Review::stack, this::text)),
                stack -> "### `" + stack + "`: no longer affected by this pull request\n");
    }

    private void report(GitHubRepository repository, List<Review> reviews) {
        reviews.stream()
                .filter(review -> !review.hasNothingToReport())
                .forEach(review -> repository.report(review.stack(), "Drift: " + review.stack(), text(review)));
        repository.resolve(reviews.stream()
                .filter(Review::hasNothingToReport)
                .map(Review::stack)
                .collect(Collectors.toSet()));
    }

    private String text(Review review) {
        return REDACTION.apply(Markdown.of(review, Markdown.GITHUB_LIMIT - GitHubRepository.MARKER_LENGTH, full));
    }

    private List<Review> reviews() {
        try {
            return ReviewArtifact.read(directory);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot read the previews in " + directory + ": " + e.getMessage()
                            + "\nFix: pass the output directory of tenant preview --output.",
                    e);
        }
    }

    private GitHubRepository repository() {
        String api = Optional.ofNullable(System.getenv("GITHUB_API_URL")).orElse("https://api.github.com");
        return new GitHubRepository(
                Optional.ofNullable(HttpUrl.parse(api))
                        .orElseThrow(() -> new CommandException(
                                "GITHUB_API_URL is not a valid URL: " + api + "\nFix: set it to https://HOST/api/v3.")),
                variable("GITHUB_REPOSITORY"),
                Token.of(variable("GITHUB_TOKEN")),
                author);
    }

    private static String variable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .filter(value -> !value.isBlank())
                .orElseThrow(
                        () -> new CommandException("environment variable " + name + " is not set.\nFix: pass it to the"
                                + " step in the workflow, or set GITHUB_REPOSITORY=owner/name and GITHUB_TOKEN."));
    }

    private static JsonNode event() {
        try {
            return new ObjectMapper()
                    .readTree(Path.of(variable("GITHUB_EVENT_PATH")).toFile());
        } catch (IOException e) {
            throw new CommandException(
                    "cannot read the event in GITHUB_EVENT_PATH: " + e.getMessage() + "\nFix: pass --pull-request N.",
                    e);
        }
    }
}
