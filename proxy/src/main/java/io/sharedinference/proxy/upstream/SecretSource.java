package io.sharedinference.proxy.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the Secret is read from. */
public sealed interface SecretSource permits SecretDirectory, SecretEnvironment {

    /** The mounted directory; without one, environment variables named after the keys, in any common spelling. */
    static SecretSource of(Path directory, Map<String, String> environment) {
        SecretEnvironment variables = SecretEnvironment.of(environment);
        return variables.isEmpty() || Files.isDirectory(directory) ? new SecretDirectory(directory) : variables;
    }

    /** For logs. */
    String name();

    /** Whether a change is picked up without a restart. */
    boolean reloads();

    /** What to do if the Secret is unusable. */
    String fix();

    /** @throws java.nio.file.NoSuchFileException if a part is missing, with its name */
    SecretContent read() throws IOException;
}
