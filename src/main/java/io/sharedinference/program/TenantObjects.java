package io.sharedinference.program;

import io.sharedinference.kubernetes.DeclaredObject;
import io.sharedinference.project.TenantConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Objects that a tenant stack declares besides namespace and release. */
public final class TenantObjects {

    /**
     * Annotation for objects that only this program manages. With it, {@code up --refresh} reverts edits made with kubectl;
     * without it, server-side apply fails with a field manager conflict.
     */
    static final Map<String, String> FORCED_PATCH = Map.of("pulumi.com/patchForce", "true");

    private static final DeclaredObject SECRET = new DeclaredObject(
            "kubernetes:core/v1:Secret", "tenant-" + ObjectNames.SECRET, "v1", "Secret", ObjectNames.SECRET);
    private static final DeclaredObject POLICY = new DeclaredObject(
            "kubernetes:networking.k8s.io/v1:NetworkPolicy",
            "tenant-" + ObjectNames.POLICY + "-policy",
            "networking.k8s.io/v1",
            "NetworkPolicy",
            ObjectNames.POLICY);
    private static final DeclaredObject POD_MONITOR = new DeclaredObject(
            PodMonitor.TYPE,
            "tenant-" + ObjectNames.POD_MONITOR + "-pod-monitor",
            PodMonitor.API_VERSION,
            PodMonitor.KIND,
            ObjectNames.POD_MONITOR);

    private TenantObjects() {}

    /** The objects in declaration order. */
    public static List<DeclaredObject> of(TenantConfig config) {
        var objects = new ArrayList<>(List.of(SECRET));
        if (config.networkPolicy().enabled()) {
            objects.add(POLICY);
        }
        if (config.monitoring().enabled()) {
            objects.add(POD_MONITOR);
        }
        return objects;
    }
}
