package io.sharedinference.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a program or a command runs.
 *
 * @param environment of the process
 * @param checkout    the directory of this program, which relative paths are relative to
 */
public record Workspace(Map<String, String> environment, Path checkout) {

    /** The variable that names the directory of the stack files, when the engine doesn't. */
    public static final String PROJECT_DIRECTORY = "SHARED_INFERENCE_PROJECT";

    /** The variable that says that this run only prepares the import of what is in the cluster. */
    public static final String ADOPTING = "SHARED_INFERENCE_ADOPTING";

    /** In order of precedence. */
    private static final List<String> STACK_DIRECTORIES = List.of("PULUMI_ROOT_DIRECTORY", PROJECT_DIRECTORY);

    public boolean adopting() {
        return environment.containsKey(ADOPTING);
    }

    /** The same with the stack files of another directory. */
    public Workspace withStackFiles(Path directory) {
        var other = new HashMap<>(environment);
        STACK_DIRECTORIES.forEach(name -> other.put(name, directory.toString()));
        return new Workspace(other, checkout);
    }

    /** With `main:` in Pulumi.yaml the stack files are not in the checkout, and older engines do not say where. */
    Path stackDirectory() {
        return STACK_DIRECTORIES.stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(directory -> !directory.isBlank())
                .map(checkout::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(checkout);
    }

    Kubeconfig kubeconfig(Optional<Path> configured) throws IOException {
        return Kubeconfig.read(Kubeconfig.files(configured, environment, checkout));
    }

    Kubeconfig kubeconfigIfAny(ClusterConfig cluster) {
        try {
            return kubeconfig(cluster.kubeconfig());
        } catch (IOException e) {
            return Kubeconfig.none();
        }
    }

    /** Contexts of different names may lead to the same cluster, so its server is what counts. */
    String clusterIdentity(ClusterConfig cluster) {
        return kubeconfigIfAny(cluster).identity(cluster.context());
    }
}
