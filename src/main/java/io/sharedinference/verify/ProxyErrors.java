package io.sharedinference.verify;

/** Maps each error code of the proxy to the hop that failed. */
final class ProxyErrors {

    static final String UNAUTHENTICATED = "unauthenticated";

    private final ApiEndpoint tenant;
    private final SharedApi shared;

    ProxyErrors(ApiEndpoint tenant, SharedApi shared) {
        this.tenant = tenant;
        this.shared = shared;
    }

    HopException explain(String code, ApiResponse response) throws HopException {
        return switch (code) {
            case UNAUTHENTICATED ->
                new HopException(
                        Hop.TENANT_IAM,
                        "the tenant's IAM rejects the user's token",
                        "get a new token of a user of this tenant; tokens of other installations are not valid here.");
            case "permission_denied" ->
                new HopException(
                        Hop.TENANT_IAM,
                        "the user lacks a permission in the tenant's IAM",
                        "grant the user the permissions in REQUIRED_PERMISSIONS of the proxy, or use another user.");
            case "iam_unreachable" ->
                new HopException(
                        Hop.TENANT_IAM,
                        "the proxy can't reach the tenant's IAM",
                        "check that the pods of pharia-iam in the tenant's namespace are ready, then iamUrl and the network"
                                + " policies between the proxy and the IAM.");
            case "secret_unavailable" ->
                new HopException(
                        Hop.SECRET,
                        "the proxy can't read its Secret",
                        "run pulumi up --refresh -s " + tenant.stack()
                                + " to write inference-api-proxy-secret, and check that the pods of the proxy mount"
                                + " it.");
            case "shared_api_unreachable" -> unreachable();
            case "shared_api_timeout" ->
                new HopException(
                        Hop.SHARED_API,
                        "the shared API did not respond to the proxy in time",
                        "check the load and the logs of the shared installation.");
            case "shared_api_protocol_error" ->
                new HopException(
                        Hop.SHARED_API, "the server at the shared URL does not speak HTTP to the proxy", urlFix());
            default ->
                new HopException(
                        Hop.PROXY, "the proxy answered " + response.summary(), "check the logs of the proxy's pods.");
        };
    }

    private HopException unreachable() throws HopException {
        shared.requireVersion();
        return new HopException(
                Hop.SHARED_API,
                "the proxy can't reach " + shared.url() + ", though this machine can",
                "check that the tenant's network policies allow the address (sharedApiNamespace or sharedApiCidrs),"
                        + " that the name resolves in the tenant's cluster, and that inferenceApiCa of stack "
                        + shared.stack() + " is the CA of its certificate.");
    }

    private String urlFix() {
        return "correct scheme, host and port of inferenceApiUrl of the shared installation (" + shared.url()
                + "), then run pulumi up -s " + shared.stack() + " and pulumi up -s " + tenant.stack() + ".";
    }
}
