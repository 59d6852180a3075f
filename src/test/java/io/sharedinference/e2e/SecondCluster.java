package io.sharedinference.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A second cluster on this machine, with its own API server, network and registry, and without stacks. Its pods can connect to
 * the host, but not to the first cluster.
 */
final class SecondCluster implements AutoCloseable {

    private final int number;
    private final boolean startedHere;

    private SecondCluster(int number, boolean startedHere) {
        this.number = number;
        this.startedHere = startedHere;
    }

    /** Uses a running cluster with that number, and then does not stop it. */
    static SecondCluster beside(Sandbox first) {
        var number = (Integer.parseInt(first.environment().get("SHARED_INFERENCE_SANDBOX")) + 3) % 9 + 1;
        var cluster = new SecondCluster(number, !Files.exists(state(number)));
        try {
            cluster.sandbox("up", "--cluster").succeeded();
        } catch (AssertionError e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private Outcome sandbox(String... command) {
        var words = command.clone();
        words[0] = "./sandbox/" + command[0];
        return Outcome.of(
                Sandbox.CHECKOUT, Map.of("SHARED_INFERENCE_SANDBOX", String.valueOf(number), "CI", "true"), words);
    }

    private static Path state(int number) {
        return Path.of("/var/lib/shared-inference-sandbox" + number);
    }

    @Override
    public void close() {
        if (startedHere) {
            sandbox("down").succeeded();
        }
    }

    String context() {
        return "sandbox" + number;
    }

    /** The host's address in the pods' network. */
    String hostAddress() {
        return "10.200.0." + (number * 4 - 3);
    }

    String nodeAddress() {
        return "10.200.0." + (number * 4 - 2);
    }

    String registry() {
        return nodeAddress() + ":5000";
    }

    /** A kubeconfig with the contexts of both clusters. */
    Path kubeconfigWith(Sandbox first, Path directory) {
        var both = first.environment().get("KUBECONFIG") + ":" + state(number).resolve("kubeconfig");
        var merged = first.with(Map.of("KUBECONFIG", both))
                .run("kubectl", "config", "view", "--flatten", "--raw")
                .succeeded();
        try {
            return Files.writeString(directory.resolve("kubeconfig"), merged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
