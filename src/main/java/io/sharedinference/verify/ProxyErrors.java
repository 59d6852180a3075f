package io.sharedinference.verify;

import io.sharedinference.project.Key;

/** Maps each error code of the proxy to the hop that failed. */
final class ProxyErrors {

    static final String HEADER = "X-Inference-Proxy-Error";
    static final String UNAUTHENTICATED = "unauthenticated";

    private final ApiEndpoint tenant;
    private final SharedApi shared;

    ProxyErrors(ApiEndpoint tenant, SharedApi shared) {
        this.tenant = tenant;
        this.shared = shared;
    }

    HopException explain(String code, ApiResponse response) throws HopException {
        return switch (code) {
            case UNAUTHENTICATED -> unauthenticated();
            case "permission_denied" -> permissionDenied();
            case "iam_unreachable" -> iamUnreachable();
            case "secret_unavailable" -> secretUnavailable();
            case "shared_api_unreachable" -> unreachable();
            case "shared_api_timeout" -> timeout();
            case "shared_api_protocol_error" -> protocolError();
            default ->
                new HopException(
                        Hop.PROXY, "the proxy answered " + response.summary(), "check the logs of the proxy's pods.");
        };
    }

    private static HopException unauthenticated() {
        return new HopException(
                Hop.TENANT_IAM,
                "the tenant's IAM rejects the user's token",
                "get a new token of a user of this tenant; tokens of other installations are not valid here.");
    }

    private static HopException permissionDenied() {
        return new HopException(
                Hop.TENANT_IAM,
                "the user lacks a permission in the tenant's IAM",
                "grant the user the permissions in REQUIRED_PERMISSIONS of the proxy, or use another user.");
    }

    private static HopException iamUnreachable() {
        return new HopException(
                Hop.TENANT_IAM,
                "the proxy cannot reach the tenant's IAM",
                "check that the pods of pharia-iam in the tenant's namespace are ready, then " + Key.IAM_URL.key()
                        + " and the network policies between the proxy and the IAM.");
    }

    private HopException secretUnavailable() {
        return new HopException(
                Hop.SECRET,
                "the proxy cannot read its Secret",
                "run pulumi up --refresh -s " + tenant.stack()
                        + " to write inference-api-proxy-secret, and check that the pods of the proxy mount"
                        + " it.");
    }

    private static HopException timeout() {
        return new HopException(
                Hop.SHARED_API,
                "the shared API did not respond to the proxy in time",
                "check the load and the logs of the shared installation.");
    }

    private HopException protocolError() {
        return new HopException(
                Hop.SHARED_API,
                "the server at the shared URL does not speak HTTP to the proxy",
                "correct scheme, host and port of " + Key.INFERENCE_API_URL.key() + " of the shared installation ("
                        + shared.url() + "), then run pulumi up -s " + shared.stack() + " and pulumi up -s "
                        + tenant.stack() + ".");
    }

    private HopException unreachable() throws HopException {
        shared.requireVersion();
        return new HopException(
                Hop.SHARED_API,
                "the proxy cannot reach " + shared.url() + ", though this machine can",
                "check that the tenant's network policies allow the address (" + Key.SHARED_API_NAMESPACE.key() + " or "
                        + Key.SHARED_API_CIDRS.key() + "),"
                        + " that the name resolves in the tenant's cluster, and that " + Key.INFERENCE_API_CA.key()
                        + " of stack "
                        + shared.stack() + " is the CA of its certificate.");
    }
}
