package io.sharedinference.proxy.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A mounted Secret: a file per key. */
record SecretDirectory(Path directory) implements SecretSource {
    private static final int MAX_READ_ATTEMPTS = 5;

    @Override
    public String name() {
        return directory.toString();
    }

    @Override
    public boolean reloads() {
        return true;
    }

    @Override
    public String fix() {
        return "repair the Secret inference-api-proxy-secret and mount it at " + directory
                + ", or set REMOTE_INFERENCE_API_URL and REMOTE_INFERENCE_API_TOKEN from it; requests get 503 until"
                + " then";
    }

    /** A URL and a token of different versions must not be combined: the token would be sent to the wrong host. */
    @Override
    public SecretContent read() throws IOException {
        SecretContent read = content();
        for (int i = 0; i < MAX_READ_ATTEMPTS; i++) {
            SecretContent again = content();
            if (again.equals(read)) {
                return read;
            }
            read = again;
        }
        throw new IOException("the files keep changing while they are read");
    }

    private SecretContent content() throws IOException {
        Path version = version();
        return new SecretContent(
                Files.readString(version.resolve(MountedSecret.URL)),
                Files.readString(version.resolve(MountedSecret.TOKEN)),
                optional(version.resolve(MountedSecret.CA)));
    }

    /** The kubelet links new files only after it has replaced the existing ones. */
    private Path version() {
        Path current = directory.resolve("..data");
        return Files.isDirectory(current) ? current : directory;
    }

    private static Optional<String> optional(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
