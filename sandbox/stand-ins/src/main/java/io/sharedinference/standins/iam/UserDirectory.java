package io.sharedinference.standins.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.standins.server.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The users of a mounted directory, reloaded when Kubernetes replaces its content. If the new content is invalid, the
 * previous users stay valid. Thread-safe.
 */
final class UserDirectory {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final Consumer<String> log;
    private volatile Content content;

    /** The users and the directory that they were read from: Kubernetes mounts each version as a new directory. */
    private record Content(Path source, List<User> users) {}

    private UserDirectory(Path root, Consumer<String> log, Content content) {
        this.root = root;
        this.log = log;
        this.content = content;
    }

    /** @throws IllegalArgumentException if a file is missing or invalid */
    static UserDirectory open(Path root, Consumer<String> log) {
        try {
            return new UserDirectory(root, log, read(source(root)));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the users in " + root + ": " + e, e);
        }
    }

    Optional<User> user(Token token) {
        refresh();
        return content.users().stream().filter(user -> user.token().isOf(token)).findFirst();
    }

    private void refresh() {
        try {
            Path source = source(root);
            if (!source.equals(content.source())) {
                content = read(source);
            }
        } catch (IOException | IllegalArgumentException e) {
            log.accept("cannot read the users in " + root + ", keeping the previous ones: " + e);
        }
    }

    private static Path source(Path root) throws IOException {
        Path mounted = root.resolve("..data");
        return Files.exists(mounted) ? mounted.toRealPath() : root;
    }

    private static Content read(Path source) throws IOException {
        JsonNode users = JSON.readTree(Files.readAllBytes(source.resolve("users.json")));
        List<User> service = users.path("serviceUsers")
                .propertyStream()
                .map(entry -> serviceUser(source, entry.getKey(), entry.getValue()))
                .toList();
        List<User> demo = users.path("demoUsers")
                .propertyStream()
                .map(entry -> demoUser(source, entry.getKey(), entry.getValue()))
                .toList();
        return new Content(
                source, Stream.concat(service.stream(), demo.stream()).toList());
    }

    private static User serviceUser(Path source, String name, JsonNode user) {
        List<Permission> permissions = user.path("roles")
                .valueStream()
                .flatMap(role -> Role.valueOf(role.asText()).permissions().stream())
                .toList();
        return new User(
                name,
                Optional.empty(),
                permissions,
                TokenHash.read(source.resolve("service-users").resolve(name)));
    }

    private static User demoUser(Path source, String name, JsonNode user) {
        return new User(
                name,
                Optional.of(user.path("email").asText()),
                Permission.list(user.path("permissions")),
                TokenHash.read(source.resolve("demo-users").resolve(name)));
    }
}
