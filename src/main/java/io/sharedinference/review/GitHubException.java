package io.sharedinference.review;

/** GitHub can't be asked, or refuses; the message says which request, why and what to do. */
public final class GitHubException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GitHubException(String message) {
        super(message);
    }

    GitHubException(String message, Throwable cause) {
        super(message, cause);
    }
}
