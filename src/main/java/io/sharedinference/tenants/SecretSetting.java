package io.sharedinference.tenants;

/**
 * A key of a tenant's stack file whose value is to be encrypted. The value is a secret: {@link #toString()} leaves it out.
 *
 * @param path in the syntax of {@code pulumi config set --path}, without the project's name
 */
public record SecretSetting(String path, String value) {

    /** The first key of the path. */
    String key() {
        return path.split("[.\\[]", 2)[0];
    }

    @Override
    public String toString() {
        return "SecretSetting[path=" + path + ", value=[redacted]]";
    }
}
