package io.sharedinference.verify;

import java.util.Locale;

/** A place on the way from a tenant's user to the shared inference where a call can fail. */
public enum Hop {
    PODS("the proxy's release and pods"),
    DNS("name of the tenant's API"),
    CONNECT("connection to the tenant's API"),
    TLS("TLS of the tenant's API"),
    PROXY("inference API proxy"),
    TENANT_IAM("the tenant's IAM"),
    SECRET("the proxy's Secret"),
    SHARED_API("shared inference, through the proxy"),
    SHARED_URL("shared inference, from this machine"),
    SHARED_TOKEN("the tenant's service token"),
    MODELS("models");

    private final String title;

    Hop(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** For programs: lower case, with dashes. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
