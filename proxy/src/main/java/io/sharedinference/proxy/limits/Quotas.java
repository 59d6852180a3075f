package io.sharedinference.proxy.limits;

/** What all users together may use, and each of them. */
public record Quotas(Quota tenant, Quota user) {
    public static final Quotas NONE = new Quotas(Quota.NONE, Quota.NONE);

    boolean limited() {
        return tenant.limited() || user.limited();
    }
}
