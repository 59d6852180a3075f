package io.sharedinference.proxy.telemetry;

/** Warnings for operators, with their fix. */
public enum OperatorWarning {
    TENANT_REJECTED(
            "the shared API rejected the tenant's token",
            "run `pulumi up` for the shared stack, then for this tenant's stack: the service user's token or its role"
                    + " InferenceServiceUser is missing or outdated"),
    SHARED_API_UNREACHABLE(
            "the shared API is unreachable",
            "check the URL in the Secret inference-api-proxy-secret, DNS, and the network policies of this pod and of"
                    + " the shared installation"),
    OVERLOADED(
            "the memory limit is reached",
            "find clients that send large requests without completing them, or raise the"
                    + " container's memory, -XX:MaxDirectMemorySize and MEMORY_LIMIT"),
    IAM_UNREACHABLE(
            "the tenant's IAM is unreachable",
            "check IAM_URL, that the IAM is running, and that the network policies allow this pod to reach it");

    private final String event;
    private final String fix;

    OperatorWarning(String event, String fix) {
        this.event = event;
        this.fix = fix;
    }

    String event() {
        return event;
    }

    String fix() {
        return fix;
    }
}
