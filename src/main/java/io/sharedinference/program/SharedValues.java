package io.sharedinference.program;

import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.SharedConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shared installation's values: the user's, service users for the tenants, and what isn't needed switched off. */
final class SharedValues {

    private SharedValues() {}

    private static final String SERVICE_USERS = "pharia-iam.config.serviceUsers";

    private static final List<String> ROLES = List.of("InferenceServiceUser");
    private static final String LEAVE_OUT = "remove this line: the program writes the tenants' service users";

    /** What would take from tenants what they need, or give their service users what they must not have. */
    static void check(SharedConfig config, UserValues user, Problems problems) {
        SharedConfig.NEEDED_SERVICES.forEach(service -> checkOn(service + ".enabled", user, problems));
        user.checkParents(SERVICE_USERS + ".*", problems);
        for (var users : config.serviceUsers()) {
            users.names().forEach(name -> checkServiceUser(name, user, problems));
        }
        checkDropped(config, user, problems);
    }

    private static void checkOn(String path, UserValues user, Problems problems) {
        user.checkParents(path, problems);
        user.merged()
                .at(path)
                .filter(on -> !on.equals(true))
                .ifPresent(off -> problems.add(new Problem(
                        user.nameOfSetting(path) + ": " + path,
                        Optional.of(off.toString()),
                        "must be true in the shared installation: every tenant needs its inference and its IAM",
                        "remove this line")));
    }

    /** The values that the program sets anyway may stand there, and any description. */
    private static void checkServiceUser(String name, UserValues user, Problems problems) {
        var path = SERVICE_USERS + "." + name;
        var own = user.merged().at(path).orElse(Map.of());
        if (own instanceof Map<?, ?> entry) {
            entry.forEach((key, value) -> checkKey(name, path + "." + key, key, value, user, problems));
        } else {
            problems.add(new Problem(user.nameOfSetting(path) + ": " + path, "must hold keys and values", LEAVE_OUT));
        }
    }

    private static void checkKey(
            String name, String path, Object key, Object value, UserValues user, Problems problems) {
        var expected = Map.of("name", name, "roles", ROLES);
        if (value != null && !key.equals("description") && !value.equals(expected.get(key))) {
            // the value isn't shown: it may be a token
            problems.add(new Problem(
                    user.nameOfSetting(path) + ": " + path,
                    expected.containsKey(key)
                            ? "must be " + expected.get(key) + ", as for every tenant's service user"
                            : "is no key of a tenant's service user, which has a name, a description and roles",
                    LEAVE_OUT));
        }
    }

    /** A service user left in the user's values would keep its token after a rotation. */
    private static void checkDropped(SharedConfig config, UserValues user, Problems problems) {
        if (user.merged().at(SERVICE_USERS).orElse(Map.of()) instanceof Map<?, ?> own) {
            own.keySet().stream()
                    .map(String::valueOf)
                    .filter(name -> config.serviceUsers().stream().anyMatch(users -> users.isFormer(name)))
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
        var serviceUsers = new LinkedHashMap<String, Object>();
        config.serviceUsers()
                .forEach(users ->
                        users.names().forEach(name -> serviceUsers.put(name, serviceUser(name, users.tenant()))));
        return Inference.HERE.enforce(
                serviceUsers.isEmpty() ? values : values.merge(Values.of(SERVICE_USERS, serviceUsers)));
    }

    private static Map<String, Object> serviceUser(String name, String tenant) {
        return Map.of("name", name, "description", "Inference API proxy of the tenant " + tenant, "roles", ROLES);
    }
}
