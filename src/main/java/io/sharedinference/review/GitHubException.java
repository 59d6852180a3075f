package io.sharedinference.review;

/** A request to GitHub failed. The message has the request, the cause and the fix. */
public final class GitHubException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GitHubException(String message) {
        super(message);
    }

    GitHubException(String message, Throwable cause) {
        super(message, cause);
    }
}
