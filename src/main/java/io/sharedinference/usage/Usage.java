package io.sharedinference.usage;

import java.util.Collection;
import java.util.List;

/**
 * Usage of tenants in a period.
 *
 * @param models one entry per tenant and model
 * @param users  one entry per tenant, model and user; empty unless the proxies count users
 */
public record Usage(Period period, List<Entry> models, List<Entry> users) {

    public Usage {
        models = List.copyOf(models);
        users = List.copyOf(users);
    }

    /**
     * Reads the usage of tenants.
     *
     * @param tenants empty for all
     * @param byUser  whether to read the usage of each user
     * @throws UsageException if there is none
     */
    public static Usage read(Prometheus prometheus, Period period, Collection<String> tenants, boolean byUser) {
        return new UsageReader(prometheus, period, tenants).read(byUser);
    }

    /** Groups the usage, with the largest share first. */
    public Report report(List<Dimension> by) {
        return Report.of(by, by.contains(Dimension.USER) ? users : models);
    }
}
