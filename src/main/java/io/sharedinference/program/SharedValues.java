package io.sharedinference.program;

import io.sharedinference.project.Key;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.SharedConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Helm values of the shared installation: the user's, with service users for the tenants and disabled services. */
final class SharedValues {

    private SharedValues() {}

    private static final String SERVICE_USERS = "pharia-iam.config.serviceUsers";

    private static final List<String> ROLES = List.of("InferenceServiceUser");
    private static final String REMOVE_LINE = "remove this line: the program sets the service users of tenants";

    /** Rejects values that would disable required services or change the tenants' service users. */
    static void check(SharedConfig config, UserValues user, Problems problems) {
        SharedConfig.REQUIRED_SERVICES.forEach(service -> checkEnabled(service + ".enabled", user, problems));
        user.checkParents(SERVICE_USERS + ".*", problems);
        for (var users : config.serviceUsers()) {
            users.names().forEach(name -> checkServiceUser(name, user, problems));
        }
        checkFormer(config, user, problems);
    }

    private static void checkEnabled(String path, UserValues user, Problems problems) {
        user.checkParents(path, problems);
        user.merged()
                .at(path)
                .filter(value -> !value.equals(true))
                .ifPresent(value -> problems.add(new Problem(
                        user.sourceOf(path) + ": " + path,
                        Optional.of(value.toString()),
                        "must be true in the shared installation: every tenant requires inference and IAM",
                        "remove this line")));
    }

    /** Accepts the values that the program sets anyway, and any description. */
    private static void checkServiceUser(String name, UserValues user, Problems problems) {
        var path = SERVICE_USERS + "." + name;
        var own = user.merged().at(path).orElse(Map.of());
        if (own instanceof Map<?, ?> entry) {
            entry.forEach((key, value) -> checkKey(name, path + "." + key, key, value, user, problems));
        } else {
            problems.add(new Problem(user.sourceOf(path) + ": " + path, "must be a map", REMOVE_LINE));
        }
    }

    private static void checkKey(
            String name, String path, Object key, Object value, UserValues user, Problems problems) {
        var expected = Map.of("name", name, "roles", ROLES);
        if (value != null && !key.equals("description") && !value.equals(expected.get(key))) {
            // the value may be a token, so the message omits it
            problems.add(new Problem(
                    user.sourceOf(path) + ": " + path,
                    expected.containsKey(key)
                            ? "must be " + expected.get(key) + " for the service user of a tenant"
                            : "unsupported key: the service user of a tenant has a name, a description and roles",
                    REMOVE_LINE));
        }
    }

    /** A former service user in the user's values would keep its token after a rotation. */
    private static void checkFormer(SharedConfig config, UserValues user, Problems problems) {
        var key = config.installation().key(Key.SERVICE_USERS);
        if (user.merged().at(SERVICE_USERS).orElse(Map.of()) instanceof Map<?, ?> own) {
            own.keySet().stream()
                    .map(String::valueOf)
                    .filter(name -> config.serviceUsers().stream().anyMatch(users -> users.isFormer(name)))
                    .forEach(name -> problems.add(new Problem(
                            user.sourceOf(SERVICE_USERS + "." + name) + ": " + SERVICE_USERS + "." + name,
                            "former service user of a tenant, not in " + key + ": its token would remain valid",
                            "remove it, or add it to " + key)));
        }
    }

    static Values of(SharedConfig config, Values user) {
        var values = user;
        for (var service : config.disabledServices()) {
            values = values.merge(Values.of(service + ".enabled", false));
        }
        var serviceUsers = new LinkedHashMap<String, Object>();
        config.serviceUsers()
                .forEach(users ->
                        users.names().forEach(name -> serviceUsers.put(name, serviceUser(name, users.tenant()))));
        return InferenceMode.LOCAL.enforce(
                serviceUsers.isEmpty() ? values : values.merge(Values.of(SERVICE_USERS, serviceUsers)));
    }

    private static Map<String, Object> serviceUser(String name, String tenant) {
        return Map.of("name", name, "description", "Inference API proxy of the tenant " + tenant, "roles", ROLES);
    }
}
