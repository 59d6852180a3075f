package io.sharedinference.proxy.limits;

/** The quota of all users together, and the quota of each user. */
public record Quotas(Quota tenant, Quota user) {
    public static final Quotas NONE = new Quotas(Quota.NONE, Quota.NONE);

    boolean limited() {
        return tenant.limited() || user.limited();
    }
}
