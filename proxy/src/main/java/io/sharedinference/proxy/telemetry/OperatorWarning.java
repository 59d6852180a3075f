package io.sharedinference.proxy.telemetry;

/** What only an operator can mend, and how. */
public enum OperatorWarning {
    TENANT_REJECTED("the shared API rejected this tenant's token",
            "run `pulumi up` for the shared stack and then for this tenant's: the service user's token or its role"
                    + " InferenceServiceUser is missing or outdated"),
    SHARED_API_UNREACHABLE("the shared API can't be reached",
            "check the URL in the Secret inference-api-proxy-secret, DNS, and the network policies of this pod and of"
                    + " the shared installation"),
    OVERLOADED("the memory for requests is full",
            "some requests got 503: look for clients that send large requests and don't end them, or raise the"
                    + " container's memory, -XX:MaxDirectMemorySize and MEMORY_LIMIT"),
    IAM_UNREACHABLE("the tenant's IAM can't be asked",
            "check IAM_URL, that the IAM runs, and that a network policy lets this pod reach it");

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
