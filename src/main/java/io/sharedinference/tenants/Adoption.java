package io.sharedinference.tenants;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.Declaration;
import io.sharedinference.kubernetes.HelmRelease;
import io.sharedinference.program.ObjectNames;
import io.sharedinference.program.TenantObjects;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.pulumi.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes a tenant's installation that was made by hand into its stack: namespace, Secret, network policy and release are
 * imported, and nothing that runs is changed. What the stack's file wants otherwise is told, and the next up does it.
 */
public final class Adoption {

    private static final String COMPONENT = "shared-inference:release:Installation";
    private static final String PROVIDER = "pulumi:providers:kubernetes";

    private final Project project;
    private final String stack;
    private final TenantConfig tenant;
    private final InstallationConfig config;

    public Adoption(Project project, String stack) {
        this.project = project;
        this.stack = stack;
        this.tenant = project.tenant(stack)
                .orElseThrow(
                        () -> new LifecycleException(
                                "there is no file Pulumi." + stack + ".yaml. Write one that says"
                                        + " how the installation is: Pulumi.tenant1.yaml shows the keys, ./tenant check checks it."));
        this.config = tenant.installation();
    }

    /** @param name as the program declares it */
    private record Found(String type, String name, String id, String kind, boolean there) {}

    /** What is there, and what is otherwise than the file says. */
    public List<String> report() {
        try (Cluster cluster = project.cluster(config.cluster())) {
            List<String> lines = new ArrayList<>();
            objects(cluster)
                    .forEach(found -> lines.add(found.kind() + " " + found.id()
                            + (found.there()
                                    ? ": is there, and will be adopted"
                                    : ": isn't there; the next up makes it")));
            cluster.release(config.namespace(), config.releaseName())
                    .ifPresent(release -> lines.addAll(differences(release)));
            lines.add(token(cluster));
            return lines;
        }
    }

    private List<String> differences(HelmRelease release) {
        List<String> lines = new ArrayList<>();
        lines.add("chart: " + release.chart() + " " + release.chartVersion() + " is installed, revision "
                + release.revision() + ", " + release.status());
        config.chart()
                .version()
                .filter(version -> !version.equals(release.chartVersion()))
                .ifPresent(version -> lines.add("chart: the file says version " + version));
        return lines;
    }

    private String token(Cluster cluster) {
        String shared = project.route(tenant).shared();
        var users = new SharedUsers(project, shared, tenant.tenant());
        var listed = users.listed();
        if (listed.isEmpty()) {
            return "token: " + tenant.tenant() + " isn't listed in Pulumi." + shared
                    + ".yaml; add it there, and up, first";
        }
        var expected = users.tokens(List.of(listed.get().current())).stream().findFirst();
        var used = cluster.token(config.namespace(), ObjectNames.SECRET, ObjectNames.TOKEN);
        return expected.isPresent() && used.equals(expected)
                ? "token: the one of the service user " + listed.get().current()
                : "token: another one than the service user " + listed.get().current()
                        + " has; the next up replaces it";
    }

    /** @return what the next up would change */
    public String run(Progress progress) {
        if (!project.engine().stacks().contains(stack)) {
            progress.step("stack " + stack, listener -> {
                project.init(stack, Optional.empty());
                return "made";
            });
        }
        progress.step("the stack's own parts, none of them in the cluster", listener -> {
            project.engine()
                    .upBeforeAdoption(stack, List.of(urn(PROVIDER, "cluster"), urn(COMPONENT, "tenant")), listener);
            return "";
        });
        progress.step("import", this::imported);
        return project.engine().preview(stack);
    }

    private String imported(Consumer<String> listener) {
        return importMissing(listener) + " objects";
    }

    /** @return how many were imported: those that are there and that the stack doesn't have */
    int importMissing(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            var known = urns();
            var missing = objects(cluster).stream()
                    .filter(found ->
                            found.there() && !known.contains(urn(COMPONENT + "$" + found.type(), found.name())))
                    .toList();
            if (!missing.isEmpty()) {
                importAll(missing, listener);
            }
            return missing.size();
        }
    }

    private void importAll(List<Found> objects, Consumer<String> listener) {
        ObjectNode file = new ObjectMapper().createObjectNode();
        file.putObject("nameTable").put("cluster", urn(PROVIDER, "cluster")).put("tenant", urn(COMPONENT, "tenant"));
        objects.forEach(found -> file.withArray("resources")
                .addObject()
                .put("type", found.type())
                .put("name", found.name())
                .put("id", found.id())
                .put("parent", "tenant")
                .put("provider", "cluster")
                .put("version", config.cluster().pluginVersion()));
        try {
            Path path = Files.createTempFile("adopt", ".json");
            Files.writeString(path, file.toString());
            project.engine().adopt(stack, path, listener);
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> urns() {
        List<String> urns = new ArrayList<>();
        project.engine()
                .state(stack)
                .at("/deployment/resources")
                .forEach(resource -> urns.add(resource.path("urn").asText()));
        return urns;
    }

    /** In the order in which the program declares them. */
    private List<Found> objects(Cluster cluster) {
        String namespace = config.namespace();
        List<Found> objects = new ArrayList<>();
        objects.add(new Found(
                "kubernetes:core/v1:Namespace",
                "tenant-namespace",
                namespace,
                "Namespace",
                cluster.hasNamespace(namespace)));
        TenantObjects.of(tenant).forEach(object -> objects.add(inNamespace(cluster, object)));
        objects.add(new Found(
                "kubernetes:helm.sh/v3:Release",
                "tenant-release",
                namespace + "/" + config.releaseName(),
                "Release",
                cluster.release(namespace, config.releaseName()).isPresent()));
        return objects;
    }

    private Found inNamespace(Cluster cluster, Declaration declared) {
        var namespace = config.namespace();
        return new Found(
                declared.type(),
                declared.name(),
                namespace + "/" + declared.object(),
                declared.kind(),
                cluster.has(declared.apiVersion(), declared.kind(), namespace, declared.object()));
    }

    private String urn(String type, String name) {
        return "urn:pulumi:" + stack + "::" + Engine.PROJECT + "::" + type + "::" + name;
    }
}
