package io.sharedinference.project;

/**
 * Credentials for a registry or a chart repository. {@link #toString()} omits the password.
 *
 * @param password password or access token
 */
public record Credentials(String username, String password) {

    public Credentials {
        if (username.isBlank() || password.isBlank()) {
            throw new IllegalArgumentException("username and password must not be blank");
        }
    }

    @Override
    public String toString() {
        return "Credentials[username=" + username + ", password=[redacted]]";
    }
}
