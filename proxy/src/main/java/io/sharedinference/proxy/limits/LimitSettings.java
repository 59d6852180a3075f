package io.sharedinference.proxy.limits;

import java.time.Duration;
import java.util.Map;

/**
 * Limits on the requests of this replica.
 *
 * @param overall for all models together
 * @param models for single models, in addition
 * @param queueTimeout how long a request over a limit on requests in flight waits; zero for not at all
 */
public record LimitSettings(Quotas overall, Map<String, Quotas> models, Duration queueTimeout) {
    public static final LimitSettings NONE = new LimitSettings(Quotas.NONE, Map.of(), Duration.ZERO);

    public LimitSettings {
        models = Map.copyOf(models);
    }

    boolean limited() {
        return overall.limited() || byModel();
    }

    boolean byModel() {
        return models.values().stream().anyMatch(Quotas::limited);
    }
}
