package io.sharedinference.verify;

/** What each error of the proxy's own says about the hop behind it. */
final class ProxyErrors {

    static final String UNAUTHENTICATED = "unauthenticated";

    private final Installation tenant;
    private final SharedProbe shared;

    ProxyErrors(Installation tenant, SharedProbe shared) {
        this.tenant = tenant;
        this.shared = shared;
    }

    HopFailure explain(String code, Answer answer) throws HopFailure {
        return switch (code) {
            case UNAUTHENTICATED ->
                new HopFailure(
                        Hop.TENANT_IAM,
                        "the tenant's IAM doesn't know the user's token",
                        "Get a new token of one of this tenant's users; a token of another installation isn't known here.");
            case "permission_denied" ->
                new HopFailure(
                        Hop.TENANT_IAM,
                        "the tenant's IAM lacks a permission for this user",
                        "Give the user the permissions that the proxy asks for (its REQUIRED_PERMISSIONS), or use another user.");
            case "iam_unreachable" ->
                new HopFailure(
                        Hop.TENANT_IAM,
                        "the proxy can't reach the tenant's IAM",
                        "Look whether the pods of pharia-iam in the tenant's namespace are ready, at iamUrl, and at network"
                                + " policies between the proxy and the IAM.");
            case "secret_unavailable" ->
                new HopFailure(
                        Hop.SECRET,
                        "the proxy can't read its Secret",
                        "Run pulumi up --refresh -s " + tenant.stack()
                                + ", which writes inference-api-proxy-secret, and look whether the"
                                + " proxy's pods mount it.");
            case "shared_api_unreachable" -> unreachable();
            case "shared_api_timeout" ->
                new HopFailure(
                        Hop.SHARED_API,
                        "the shared inference gave the proxy no answer in time",
                        "Look at the load and the logs of the shared installation.");
            case "shared_api_protocol_error" ->
                new HopFailure(
                        Hop.SHARED_API, "what answers the proxy at the shared URL is no proper HTTP", urlRemedy());
            default ->
                new HopFailure(
                        Hop.PROXY, "the proxy answered " + answer.summary(), "Look at the log of the proxy's pods.");
        };
    }

    private HopFailure unreachable() throws HopFailure {
        shared.requireVersion();
        return new HopFailure(
                Hop.SHARED_API,
                "the proxy can't reach " + shared.url() + ", though this machine can",
                "Look at the tenant's network policies (sharedApiNamespace or sharedApiCidrs have to allow that address),"
                        + " whether the name resolves in the tenant's cluster, and whether the stacks know the CA that signed"
                        + " its certificate (inferenceApiCa of stack " + shared.stack() + ").");
    }

    private String urlRemedy() {
        return "Look at inferenceApiUrl of the shared installation (" + shared.url()
                + "): scheme, host and port; then run" + " pulumi up for it and for " + tenant.stack() + ".";
    }
}
