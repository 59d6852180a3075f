package io.sharedinference.image;

/**
 * A registry's user. The password is a secret: {@link #toString()} leaves it out.
 *
 * @param username as the registry knows it
 * @param password a password or an access token
 */
public record Credentials(String username, String password) {

    public Credentials {
        if (username.isBlank() || password.isBlank()) {
            throw new IllegalArgumentException(
                    "a registry's username and password must both be given and not be blank");
        }
    }

    @Override
    public String toString() {
        return "Credentials[username=" + username + ", password=[redacted]]";
    }
}
