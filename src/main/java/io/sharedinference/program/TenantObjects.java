package io.sharedinference.program;

import io.sharedinference.kubernetes.Declaration;
import io.sharedinference.project.TenantConfig;
import java.util.List;

/** What a tenant's stack declares beside namespace and release. */
public final class TenantObjects {

    private static final Declaration SECRET = new Declaration(
            "kubernetes:core/v1:Secret", "tenant-" + ObjectNames.SECRET, "v1", "Secret", ObjectNames.SECRET);
    private static final Declaration POLICY = new Declaration(
            "kubernetes:networking.k8s.io/v1:NetworkPolicy",
            "tenant-" + ObjectNames.POLICY + "-policy",
            "networking.k8s.io/v1",
            "NetworkPolicy",
            ObjectNames.POLICY);

    private TenantObjects() {}

    /** In the order in which they are declared. */
    public static List<Declaration> of(TenantConfig config) {
        return config.networkPolicy().enabled() ? List.of(SECRET, POLICY) : List.of(SECRET);
    }
}
