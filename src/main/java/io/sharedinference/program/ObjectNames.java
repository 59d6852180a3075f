package io.sharedinference.program;

/** Names of the objects that a tenant stack declares besides the release, as the chart and existing installations use them. */
public final class ObjectNames {

    public static final String SECRET = "inference-api-proxy-secret";
    public static final String POLICY = "inference-api-proxy";
    public static final String POD_MONITOR = "inference-api-proxy";

    /** Keys in the Secret. */
    public static final String URL = "remote-inference-api-url";

    public static final String TOKEN = "remote-inference-api-token";
    public static final String CA = "remote-inference-api-ca";

    /** Type of the component; independent of the project's name, since the state contains it. */
    public static final String COMPONENT_TYPE = "shared-inference:release:Installation";

    private ObjectNames() {}
}
