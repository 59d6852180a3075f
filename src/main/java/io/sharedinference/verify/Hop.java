package io.sharedinference.verify;

import java.util.Locale;

/** A hop between a tenant's user and the shared API at which a request can fail. */
public enum Hop {
    PODS("proxy release and pods"),
    DNS("DNS name of the tenant's API"),
    CONNECT("connection to the tenant's API"),
    TLS("TLS of the tenant's API"),
    PROXY("inference API proxy"),
    TENANT_IAM("tenant's IAM"),
    SECRET("proxy's Secret"),
    SHARED_API("shared API, through the proxy"),
    SHARED_URL("shared API, from this machine"),
    SHARED_TOKEN("tenant's service token"),
    MODELS("models");

    private final String title;

    Hop(String title) {
        this.title = title;
    }

    /** The human-readable name. */
    public String title() {
        return title;
    }

    /** The name in JSON: lower case, with dashes. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
