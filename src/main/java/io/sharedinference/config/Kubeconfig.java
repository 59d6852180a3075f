package io.sharedinference.config;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The contexts of one or more kubeconfig files, and the API server behind each. Of equal names the first one counts. */
final class Kubeconfig {

    /** @param proxied whether the server is reached through a proxy that the kubeconfig names */
    record Server(String url, boolean proxied) {}

    private final Map<String, String> clusterOfContext = new LinkedHashMap<>();
    private final Map<String, Server> servers = new LinkedHashMap<>();

    private Kubeconfig() {}

    static Kubeconfig none() {
        return new Kubeconfig();
    }

    /** Where a stack's kubeconfig is: what it configures, then {@code $KUBECONFIG}, then the home folder. */
    static List<Path> files(Optional<Path> configured, Map<String, String> environment, Path checkout) {
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

    /** @throws IOException when none of the files can be read or one isn't a kubeconfig; the message names it */
    static Kubeconfig read(List<Path> files) throws IOException {
        var existing = files.stream().filter(Files::exists).toList();
        if (existing.isEmpty()) {
            throw new IOException("there is no file "
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
            for (var entry : entries(document, "contexts")) {
                clusterOfContext.putIfAbsent(text(entry, "name"), text(map(entry.get("context")), "cluster"));
            }
            for (var entry : entries(document, "clusters")) {
                var cluster = map(entry.get("cluster"));
                servers.putIfAbsent(
                        text(entry, "name"), new Server(text(cluster, "server"), cluster.containsKey("proxy-url")));
            }
        } catch (IOException | YAMLException | ClassCastException e) {
            // not the cause's message: it may quote a key or a token
            throw new IOException(
                    file + " can't be read as a kubeconfig (" + e.getClass().getSimpleName() + ")");
        }
    }

    List<String> contexts() {
        return List.copyOf(clusterOfContext.keySet());
    }

    Optional<Server> server(String context) {
        return Optional.ofNullable(clusterOfContext.get(context))
                .map(servers::get)
                .filter(server -> !server.url().isBlank());
    }

    private static List<Map<String, Object>> entries(Map<String, Object> document, String key) {
        return document.get(key) instanceof List<?> list
                ? list.stream().map(Kubeconfig::map).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked") // keys of any other type are never asked for
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static String text(Map<String, Object> map, String key) {
        return map.get(key) == null ? "" : String.valueOf(map.get(key));
    }
}
