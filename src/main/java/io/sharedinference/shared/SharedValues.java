package io.sharedinference.shared;

import io.sharedinference.config.SharedConfig;
import io.sharedinference.values.Inference;
import io.sharedinference.values.Values;
import java.util.List;
import java.util.Map;

/** The shared installation's values: the user's, a service user per tenant, and what isn't needed switched off. */
final class SharedValues {

    private SharedValues() {}

    static Values of(SharedConfig config, Values user) {
        var values = user;
        for (var service : config.disabledServices()) {
            values = values.merge(Values.of(service + ".enabled", false));
        }
        for (var tenant : config.tenants()) {
            values = values.merge(Values.of("pharia-iam.config.serviceUsers." + tenant, serviceUser(tenant)));
        }
        return Inference.HERE.enforce(values);
    }

    private static Map<String, Object> serviceUser(String tenant) {
        return Map.of(
                "name",
                tenant,
                "description",
                "Inference API proxy of the tenant " + tenant,
                "roles",
                List.of("InferenceServiceUser"));
    }
}
