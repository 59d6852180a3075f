package io.sharedinference.tenants;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.DeclaredObject;
import io.sharedinference.kubernetes.HelmRelease;
import io.sharedinference.program.ObjectNames;
import io.sharedinference.program.TenantObjects;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.TenantConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Imports an existing installation into a tenant's stack: namespace, Secret, network policy and release. Nothing that runs is
 * changed; differences to the stack's file are reported, and the next {@code pulumi up} applies them.
 */
public final class Adoption {

    private static final String PROVIDER = "pulumi:providers:kubernetes";

    private final Project project;
    private final String stack;
    private final TenantConfig tenant;
    private final InstallationConfig config;

    public Adoption(Project project, String stack) {
        this.project = project;
        this.stack = stack;
        this.tenant = project.tenant(stack)
                .orElseThrow(() -> new LifecycleException("cannot adopt stack " + stack + ": Pulumi." + stack
                        + ".yaml does not exist.\nFix: write one that describes the installation, with"
                        + " Pulumi.tenant1.yaml as an example, and validate it with ./tenant check."));
        this.config = tenant.installation();
    }

    /** @param name the resource name in the program */
    private record Candidate(String type, String name, String id, String kind, boolean exists) {}

    /** Reports which objects exist, and how they differ from the stack's file. */
    public List<String> report() {
        try (Cluster cluster = project.cluster(config.cluster())) {
            List<String> lines = new ArrayList<>();
            objects(cluster)
                    .forEach(candidate -> lines.add(candidate.kind() + " " + candidate.id()
                            + (candidate.exists()
                                    ? ": exists, will be imported"
                                    : ": not found, the next pulumi up creates it")));
            cluster.release(config.namespace(), config.releaseName())
                    .ifPresent(release -> lines.addAll(differences(release)));
            lines.add(token(cluster));
            return lines;
        }
    }

    private List<String> differences(HelmRelease release) {
        List<String> lines = new ArrayList<>();
        lines.add("chart: " + release.chart() + " " + release.chartVersion() + " installed, revision "
                + release.revision() + ", " + release.status());
        config.chart()
                .version()
                .filter(version -> !version.equals(release.chartVersion()))
                .ifPresent(version -> lines.add("chart: the stack file sets version " + version));
        return lines;
    }

    private String token(Cluster cluster) {
        String shared = project.route(tenant).shared();
        var users = new TenantServiceUsers(project, shared, tenant.tenant());
        var listed = users.listed();
        if (listed.isEmpty()) {
            return "token: tenant " + tenant.tenant() + " is not listed in Pulumi." + shared
                    + ".yaml; add it there and run pulumi up -s " + shared + " first";
        }
        var expected = users.tokens(List.of(listed.get().current())).stream().findFirst();
        var used = cluster.token(config.namespace(), ObjectNames.SECRET, ObjectNames.TOKEN);
        return expected.isPresent() && used.equals(expected)
                ? "token: matches service user " + listed.get().current()
                : "token: differs from service user " + listed.get().current() + ", the next pulumi up replaces it";
    }

    /** @return what the next {@code pulumi up} would change */
    public String run(Progress progress) {
        if (!project.engine().stacks().contains(stack)) {
            progress.step("create stack " + stack, listener -> {
                project.init(stack, Optional.empty());
                return "";
            });
        }
        progress.step("add the component and its provider to the state", listener -> {
            project.engine()
                    .prepareImport(
                            stack,
                            List.of(urn(PROVIDER, "cluster"), urn(ObjectNames.COMPONENT_TYPE, "tenant")),
                            listener);
            return "";
        });
        progress.step("import existing objects", this::imported);
        return project.engine().preview(stack);
    }

    private String imported(Consumer<String> listener) {
        return importUnmanaged(listener) + " objects";
    }

    /** @return the number of objects imported: those that exist and are not in the state */
    int importUnmanaged(Consumer<String> listener) {
        try (Cluster cluster = project.cluster(config.cluster())) {
            var known = urns();
            var missing = objects(cluster).stream()
                    .filter(candidate -> candidate.exists()
                            && !known.contains(
                                    urn(ObjectNames.COMPONENT_TYPE + "$" + candidate.type(), candidate.name())))
                    .toList();
            if (!missing.isEmpty()) {
                importAll(missing, listener);
            }
            return missing.size();
        }
    }

    private void importAll(List<Candidate> objects, Consumer<String> listener) {
        ObjectNode file = new ObjectMapper().createObjectNode();
        file.putObject("nameTable")
                .put("cluster", urn(PROVIDER, "cluster"))
                .put("tenant", urn(ObjectNames.COMPONENT_TYPE, "tenant"));
        objects.forEach(object -> file.withArray("resources")
                .addObject()
                .put("type", object.type())
                .put("name", object.name())
                .put("id", object.id())
                .put("parent", "tenant")
                .put("provider", "cluster")
                .put("version", config.cluster().pluginVersion()));
        try {
            Path path = Files.createTempFile("adopt", ".json");
            try {
                Files.writeString(path, file.toString());
                project.engine().importResources(stack, path, listener);
            } finally {
                Files.delete(path);
            }
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
    private List<Candidate> objects(Cluster cluster) {
        String namespace = config.namespace();
        List<Candidate> objects = new ArrayList<>();
        objects.add(new Candidate(
                "kubernetes:core/v1:Namespace",
                "tenant-namespace",
                namespace,
                "Namespace",
                cluster.hasNamespace(namespace)));
        TenantObjects.of(tenant).forEach(object -> objects.add(inNamespace(cluster, object)));
        objects.add(new Candidate(
                "kubernetes:helm.sh/v3:Release",
                "tenant-release",
                namespace + "/" + config.releaseName(),
                "Release",
                cluster.release(namespace, config.releaseName()).isPresent()));
        return objects;
    }

    private Candidate inNamespace(Cluster cluster, DeclaredObject declared) {
        var namespace = config.namespace();
        return new Candidate(
                declared.type(),
                declared.name(),
                namespace + "/" + declared.object(),
                declared.kind(),
                cluster.has(declared.apiVersion(), declared.kind(), namespace, declared.object()));
    }

    private String urn(String type, String name) {
        return "urn:pulumi:" + stack + "::" + config.name().project() + "::" + type + "::" + name;
    }
}
