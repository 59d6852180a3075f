package io.sharedinference.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Environment of the program or a command.
 *
 * @param environment environment variables of the process
 * @param checkout    directory of this program, where relative paths start
 */
public record Workspace(Map<String, String> environment, Path checkout) {

    /** Variable with the directory of the stack files, in case the engine does not set its own. */
    public static final String PROJECT_DIRECTORY = "SHARED_INFERENCE_PROJECT";

    /** Variable that is set while a run prepares the import of existing objects. */
    public static final String ADOPTING = "SHARED_INFERENCE_ADOPTING";

    /** In order of precedence. */
    private static final List<String> STACK_DIRECTORIES = List.of("PULUMI_ROOT_DIRECTORY", PROJECT_DIRECTORY);

    /** Without the values of the environment, which may be secrets. */
    @Override
    public String toString() {
        return "Workspace[checkout=" + checkout + "]";
    }

    public boolean adopting() {
        return environment.containsKey(ADOPTING);
    }

    /** Returns a copy with the stack files of another directory. */
    public Workspace withStackFiles(Path directory) {
        var other = new HashMap<>(environment);
        STACK_DIRECTORIES.forEach(name -> other.put(name, directory.toString()));
        return new Workspace(other, checkout);
    }

    /** With `main:` in Pulumi.yaml the stack files are outside of the checkout, and older engines do not report where. */
    private Path stackDirectory() {
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

    Kubeconfig kubeconfigIfAny(Optional<Path> configured) {
        try {
            return kubeconfig(configured);
        } catch (IOException e) {
            return Kubeconfig.empty();
        }
    }

    /** Compares servers, since contexts of different names may refer to the same cluster. */
    String clusterIdentity(Optional<Path> kubeconfig, String context) {
        return kubeconfigIfAny(kubeconfig).identity(context);
    }

    String clusterIdentity(ClusterConfig cluster) {
        return clusterIdentity(cluster.kubeconfig(), cluster.context());
    }

    /** The stack files of a stack's project. */
    public StackFiles stackFiles(StackName stack) {
        return new StackFiles(stackDirectory(), stack);
    }
}
