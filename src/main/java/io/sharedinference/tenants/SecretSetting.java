package io.sharedinference.tenants;

import io.sharedinference.project.StackName;

/**
 * A key of a tenant's stack file whose value is to be encrypted. The value is a secret: {@link #toString()} omits it.
 *
 * @param path in the syntax of {@code pulumi config set --path}, without the project's name
 */
public record SecretSetting(String path, String value) {

    /** Without the prefix of the stack's project. */
    public SecretSetting unprefixed(StackName stack) {
        var prefix = stack.project() + ":";
        return path.startsWith(prefix) ? new SecretSetting(path.substring(prefix.length()), value) : this;
    }

    /** The first key of the path. */
    String key() {
        return path.split("[.\\[]", 2)[0];
    }

    @Override
    public String toString() {
        return "SecretSetting[path=" + path + ", value=[redacted]]";
    }
}
