package io.sharedinference.program;

/** Names of what a tenant's stack declares beside the release: given by the chart, or the same for who takes over what was made by hand. */
public final class ObjectNames {

    public static final String SECRET = "inference-api-proxy-secret";
    public static final String POLICY = "inference-api-proxy";

    /** Keys of the Secret. */
    public static final String URL = "remote-inference-api-url";

    public static final String TOKEN = "remote-inference-api-token";
    public static final String CA = "remote-inference-api-ca";

    private ObjectNames() {}
}
