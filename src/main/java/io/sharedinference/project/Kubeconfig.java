package io.sharedinference.project;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * One or more kubeconfig files, merged as kubectl does: the first entry of a name takes precedence, missing files are
 * skipped, and relative paths start at the file's directory.
 */
public final class Kubeconfig {

    private static final List<String> CLUSTER_PATHS = List.of("certificate-authority");
    private static final List<String> USER_PATHS = List.of("client-certificate", "client-key", "tokenFile");

    /** @param proxied whether the kubeconfig sets a proxy for the server */
    record Server(String url, boolean proxied) {}

    /**
     * A context with its cluster and user. Paths are absolute.
     *
     * @param cluster empty if the kubeconfig has no such cluster
     * @param user    empty if the kubeconfig has no such user
     */
    public record Access(String context, Map<String, Object> cluster, Map<String, Object> user, String namespace) {

        /** Value of a key of the cluster; empty if blank. */
        public Optional<String> clusterValue(String key) {
            return Optional.of(text(cluster, key)).filter(value -> !value.isBlank());
        }

        /** Value of a key of the user; empty if blank. */
        public Optional<String> userValue(String key) {
            return Optional.of(text(user, key)).filter(value -> !value.isBlank());
        }

        /** A kubeconfig with only this context. */
        public Map<String, Object> minified() {
            return Map.of(
                    "apiVersion",
                    "v1",
                    "kind",
                    "Config",
                    "current-context",
                    context,
                    "contexts",
                    List.of(Map.of("name", context, "context", Map.of("cluster", "only", "user", "only"))),
                    "clusters",
                    List.of(Map.of("name", "only", "cluster", cluster)),
                    "users",
                    List.of(Map.of("name", "only", "user", user)));
        }
    }

    private final Map<String, Map<String, Object>> contexts = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> clusters = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> users = new LinkedHashMap<>();

    private Kubeconfig() {}

    static Kubeconfig empty() {
        return new Kubeconfig();
    }

    /** Kubeconfig files of a stack: the configured one, then {@code $KUBECONFIG}, then {@code ~/.kube/config}. */
    public static List<Path> files(Optional<Path> configured, Map<String, String> environment, Path checkout) {
        if (configured.isPresent()) {
            return List.of(checkout.resolve(configured.get()));
        }
        var listed = environment.getOrDefault("KUBECONFIG", "");
        return listed.isBlank()
                ? List.of(Path.of(System.getProperty("user.home"), ".kube", "config"))
                : Arrays.stream(listed.split(File.pathSeparator))
                        .filter(file -> !file.isBlank())
                        .map(checkout::resolve)
                        .toList();
    }

    /** @throws IOException if no file exists or one is not a valid kubeconfig; the message names it */
    public static Kubeconfig read(List<Path> files) throws IOException {
        var existing = files.stream().filter(Files::exists).toList();
        if (existing.isEmpty()) {
            throw new IOException("kubeconfig file not found: "
                    + String.join(", ", files.stream().map(Path::toString).toList()));
        }
        var kubeconfig = new Kubeconfig();
        for (var file : existing) {
            kubeconfig.add(file);
        }
        return kubeconfig;
    }

    private void add(Path file) throws IOException {
        try {
            var document = map(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file)));
            var directory = file.toAbsolutePath().resolveSibling("");
            entries(document, "contexts")
                    .forEach(entry -> contexts.putIfAbsent(text(entry, "name"), map(entry.get("context"))));
            entries(document, "clusters")
                    .forEach(entry -> clusters.putIfAbsent(
                            text(entry, "name"), absolute(map(entry.get("cluster")), CLUSTER_PATHS, directory)));
            entries(document, "users")
                    .forEach(entry -> users.putIfAbsent(text(entry, "name"), user(map(entry.get("user")), directory)));
        } catch (IOException | YAMLException | ClassCastException e) {
            // the cause's message may quote a key or a token
            throw new IOException(
                    file + " is not a valid kubeconfig (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Map<String, Object> user(Map<String, Object> user, Path directory) {
        var absolute = absolute(user, USER_PATHS, directory);
        var exec = map(absolute.get("exec"));
        if (text(exec, "command").contains("/")) { // a bare name is looked up on PATH
            absolute.put("exec", absolute(exec, List.of("command"), directory));
        }
        return absolute;
    }

    private static Map<String, Object> absolute(Map<String, Object> map, List<String> paths, Path directory) {
        var absolute = new LinkedHashMap<>(map);
        paths.forEach(key -> absolute.computeIfPresent(
                key,
                (name, path) -> path.toString().isBlank()
                        ? path
                        : directory.resolve(path.toString()).toString()));
        return absolute;
    }

    public List<String> contexts() {
        return List.copyOf(contexts.keySet());
    }

    /** Empty if the context does not exist. */
    public Optional<Access> access(String context) {
        return Optional.ofNullable(contexts.get(context))
                .map(found -> new Access(
                        context,
                        clusters.getOrDefault(text(found, "cluster"), Map.of()),
                        users.getOrDefault(text(found, "user"), Map.of()),
                        text(found, "namespace")));
    }

    /** Identifies the cluster: the server's URL, or the context's name if it has none. */
    String identity(String context) {
        return server(context).map(Server::url).orElse(context);
    }

    Optional<Server> server(String context) {
        return access(context)
                .flatMap(access -> access.clusterValue("server")
                        .map(url ->
                                new Server(url, access.clusterValue("proxy-url").isPresent())));
    }

    private static List<Map<String, Object>> entries(Map<String, Object> document, String key) {
        return document.get(key) instanceof List<?> list
                ? list.stream().map(Kubeconfig::map).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked") // keys of other types are never looked up
    private static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static String text(Map<String, Object> map, String key) {
        return map.get(key) == null ? "" : String.valueOf(map.get(key));
    }
}
