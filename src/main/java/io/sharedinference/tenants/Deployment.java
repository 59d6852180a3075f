package io.sharedinference.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.HelmRelease;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.pulumi.EngineException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Updates or destroys a stack, and first repairs what an interrupted run left behind. */
final class Deployment {

    private static final String TAKEN_NAME = "cannot re-use a name that is still in use"; // Helm's message
    private static final String PENDING_OPERATIONS = "/deployment/pending_operations";

    private final Project project;
    private final String stack;
    private final StackConfig config;

    /** Runs {@code pulumi up} as one step of a command. */
    static void up(Project project, String stack, Progress progress) {
        progress.step("update stack " + stack, new Deployment(project, stack)::up);
    }

    Deployment(Project project, String stack) {
        this.project = project;
        this.stack = stack;
        this.config = project.config(stack)
                .orElseThrow(
                        () -> new LifecycleException("cannot deploy stack " + stack + ": this project has no Pulumi."
                                + stack + ".yaml.\nFix: restore the file, then run the same command again."));
    }

    /** Repairs what an interrupted run left, before the update and once more if it fails. */
    String up(Consumer<String> listener) {
        // checked first: an update that fails on a pending operation removes it from the state
        boolean interrupted =
                !project.engine().state(stack).at(PENDING_OPERATIONS).isEmpty();
        if (interrupted) {
            repair(listener);
        }
        try {
            project.engine().up(stack, listener);
            return interrupted ? repeatIfPending(listener) : "";
        } catch (EngineException e) {
            if (!repairAfter(e, listener)) {
                throw e;
            }
            project.engine().up(stack, listener);
            return "after repairing an interrupted run";
        }
    }

    /**
     * A surviving provider may start its operation between the repair and the refresh, which then records a release that was
     * never deployed. If an operation is pending after the update, both are repeated.
     */
    private String repeatIfPending(Consumer<String> listener) {
        if (!awaitPendingOperation(listener)) {
            return "";
        }
        project.engine().refresh(stack, Map.of(), listener);
        project.engine().up(stack, listener);
        return "after waiting for a Helm operation of an interrupted run";
    }

    private boolean awaitPendingOperation(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            return awaitPendingOperation(cluster, listener);
        }
    }

    private boolean awaitPendingOperation(Cluster cluster, Consumer<String> listener) {
        return config.installed()
                .map(at -> new PendingOperation(cluster, at, project.discardPending()))
                .filter(operation -> operation.await(listener))
                .isPresent();
    }

    /** Refreshes the state first, so that objects of an interrupted run are destroyed too. */
    String destroy(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            refresh(cluster, listener);
        }
        project.engine().destroy(stack, listener);
        return "";
    }

    /** Throws the original failure, with that of the repair suppressed. */
    private boolean repairAfter(EngineException failure, Consumer<String> listener) {
        try {
            return repair(listener) || failure.getMessage().contains(TAKEN_NAME) && adopt(listener);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** Imports a release that a surviving provider completed, and that is not in the state. */
    private boolean adopt(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            boolean ours = config.installed()
                    .flatMap(at -> cluster.release(at.namespace(), at.releaseName()))
                    .filter(HelmRelease::writtenByProvider)
                    .isPresent();
            return ours && config instanceof TenantConfig && new Adoption(project, stack).importUnmanaged(listener) > 0;
        }
    }

    /** @return whether something was repaired */
    private boolean repair(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            boolean pending = awaitPendingOperation(cluster, listener);
            return refresh(cluster, listener) || pending;
        }
    }

    private boolean refresh(Cluster cluster, Consumer<String> listener) {
        var pending = pendingOperations(project.engine().state(stack), cluster);
        if (pending.found()) {
            project.engine().refresh(stack, pending.existing(), listener);
        }
        return pending.found();
    }

    /** @param existing provider IDs, by URN, of objects that exist in the cluster but not in the state */
    private record PendingOperations(boolean found, Map<String, String> existing) {}

    private PendingOperations pendingOperations(JsonNode state, Cluster cluster) {
        Map<String, String> existing = new LinkedHashMap<>();
        boolean found = false;
        for (JsonNode operation : state.at(PENDING_OPERATIONS)) {
            found = true;
            JsonNode resource = operation.path("resource");
            if (operation.path("type").asText().equals("creating") && exists(resource, cluster)) {
                existing.put(resource.path("urn").asText(), providerId(resource));
            }
        }
        return new PendingOperations(found, existing);
    }

    private boolean exists(JsonNode resource, Cluster cluster) {
        JsonNode inputs = resource.path("inputs");
        if (resource.path("type").asText().startsWith("kubernetes:helm.sh/")) {
            return config.installed()
                    .flatMap(at -> cluster.release(at.namespace(), at.releaseName()))
                    .isPresent();
        }
        return resource.path("type").asText().startsWith("kubernetes:")
                && cluster.has(
                        inputs.path("apiVersion").asText(),
                        inputs.path("kind").asText(),
                        inputs.at("/metadata/namespace").asText(),
                        inputs.at("/metadata/name").asText());
    }

    private static String providerId(JsonNode resource) {
        JsonNode inputs = resource.path("inputs");
        JsonNode metadata = inputs.has("metadata") ? inputs.path("metadata") : inputs;
        String namespace = metadata.path("namespace").asText();
        return (namespace.isEmpty() ? "" : namespace + "/")
                + metadata.path("name").asText();
    }
}
