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

    private static final String TAKEN_NAME = "cannot re-use a name that is still in use"; // Helm's words
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
                        () -> new LifecycleException("there is no file Pulumi." + stack + ".yaml in this project."));
    }

    /** What a run that was killed left is repaired first, and what makes an up fail afterwards. */
    String up(Consumer<String> listener) {
        // looked for before: an up that fails at one of them forgets it, and nobody would know it again
        boolean interrupted =
                !project.engine().state(stack).at(PENDING_OPERATIONS).isEmpty();
        if (interrupted) {
            repaired(listener);
        }
        try {
            project.engine().up(stack, listener);
            return interrupted ? settled(listener) : "";
        } catch (EngineException e) {
            if (!repairedAfter(e, listener)) {
                throw e;
            }
            project.engine().up(stack, listener);
            return "after putting right what an earlier run left";
        }
    }

    /**
     * A killed run's provider may begin after the repair has looked, and before the refresh, which then takes for deployed
     * what never was: with an operation that is pending after an up, both are done again.
     */
    private String settled(Consumer<String> listener) {
        if (!operationEnded(listener)) {
            return "";
        }
        project.engine().refresh(stack, Map.of(), listener);
        project.engine().up(stack, listener);
        return "after an earlier run's Helm operation had ended";
    }

    private boolean operationEnded(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            return operationEnded(cluster, listener);
        }
    }

    private boolean operationEnded(Cluster cluster, Consumer<String> listener) {
        return config.installed()
                .map(at -> new PendingOperation(cluster, at, project.discardPending()))
                .filter(operation -> operation.ended(listener))
                .isPresent();
    }

    /** What the state doesn't know is taken into it first; a release that somebody is at is left to them. */
    String destroy(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            refreshed(cluster, listener);
        }
        project.engine().destroy(stack, listener);
        return "";
    }

    /** What failed first is said first, whatever keeps it from being repaired. */
    private boolean repairedAfter(EngineException failure, Consumer<String> listener) {
        try {
            return repaired(listener) || failure.getMessage().contains(TAKEN_NAME) && adopted(listener);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** A release that a killed run's provider finished after its engine was gone, and that no state knows. */
    private boolean adopted(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            boolean ours = config.installed()
                    .flatMap(at -> cluster.release(at.namespace(), at.releaseName()))
                    .filter(HelmRelease::writtenByProvider)
                    .isPresent();
            return ours && config instanceof TenantConfig && new Adoption(project, stack).importUnmanaged(listener) > 0;
        }
    }

    /** Whether there was something to put right. */
    private boolean repaired(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            boolean pending = operationEnded(cluster, listener);
            return refreshed(cluster, listener) || pending;
        }
    }

    private boolean refreshed(Cluster cluster, Consumer<String> listener) {
        var creations = creations(project.engine().state(stack), cluster);
        if (creations.found()) {
            project.engine().refresh(stack, creations.made(), listener);
        }
        return creations.found();
    }

    /** @param made provider's ids by URN, of those objects that are in the cluster though the state doesn't know */
    private record Creations(boolean found, Map<String, String> made) {}

    private Creations creations(JsonNode state, Cluster cluster) {
        Map<String, String> made = new LinkedHashMap<>();
        boolean found = false;
        for (JsonNode operation : state.at(PENDING_OPERATIONS)) {
            found = true;
            JsonNode resource = operation.path("resource");
            if (operation.path("type").asText().equals("creating") && exists(resource, cluster)) {
                made.put(resource.path("urn").asText(), id(resource));
            }
        }
        return new Creations(found, made);
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

    private static String id(JsonNode resource) {
        JsonNode inputs = resource.path("inputs");
        JsonNode metadata = inputs.has("metadata") ? inputs.path("metadata") : inputs;
        String namespace = metadata.path("namespace").asText();
        return (namespace.isEmpty() ? "" : namespace + "/")
                + metadata.path("name").asText();
    }
}
