package io.sharedinference.shared;

import io.sharedinference.config.Problem;
import io.sharedinference.config.Problems;
import io.sharedinference.config.SharedConfig;
import io.sharedinference.values.Inference;
import io.sharedinference.values.UserValues;
import io.sharedinference.values.Values;
import java.util.List;
import java.util.Map;

/** The shared installation's values: the user's, service users for the tenants, and what isn't needed switched off. */
final class SharedValues {

    private SharedValues() {}

    private static final String SERVICE_USERS = "pharia-iam.config.serviceUsers";

    /** A service user left in the user's values would keep its token after a rotation. */
    static void check(SharedConfig config, UserValues user, Problems problems) {
        if (user.merged().at(SERVICE_USERS).orElse(Map.of()) instanceof Map<?, ?> own) {
            own.keySet().stream()
                    .map(String::valueOf)
                    .filter(name -> config.serviceUsers().stream().anyMatch(users -> users.dropped(name)))
                    .forEach(name -> problems.add(new Problem(
                            user.nameOfSetting(SERVICE_USERS + "." + name) + ": " + SERVICE_USERS + "." + name,
                            "is a tenant's service user that shared-inference:serviceUsers no longer lists: its token would stay valid",
                            "remove it here, or list it there")));
        }
    }

    static Values of(SharedConfig config, Values user) {
        var values = user;
        for (var service : config.disabledServices()) {
            values = values.merge(Values.of(service + ".enabled", false));
        }
        for (var users : config.serviceUsers()) {
            for (var name : users.names()) {
                values = values.merge(Values.of(SERVICE_USERS + "." + name, serviceUser(name, users.tenant())));
            }
        }
        return Inference.HERE.enforce(values);
    }

    private static Map<String, Object> serviceUser(String name, String tenant) {
        return Map.of(
                "name",
                name,
                "description",
                "Inference API proxy of the tenant " + tenant,
                "roles",
                List.of("InferenceServiceUser"));
    }
}
