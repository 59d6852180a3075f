package io.sharedinference.tenants;

/**
 * A key of a tenant's stack file whose value is to be encrypted. The value is a secret: {@link #toString()} leaves it out.
 *
 * @param path as {@code pulumi config set --path} takes it, without the project's name
 */
public record SecretSetting(String path, String value) {

    /** The key that the path begins with. */
    String key() {
        return path.split("[.\\[]", 2)[0];
    }

    @Override
    public String toString() {
        return "SecretSetting[path=" + path + ", value=[redacted]]";
    }
}
