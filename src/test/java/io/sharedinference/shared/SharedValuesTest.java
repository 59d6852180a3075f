package io.sharedinference.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.config.ConfigFixtures;
import io.sharedinference.values.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedValuesTest {

    @Test
    void addServiceUsersAndSwitchesToTheUsersValues() {
        var keys = ConfigFixtures.shared();
        keys.put("tenants", "[\"blue\"]");
        keys.put("disabledServices", "[\"pharia-studio\",\"parent.child\"]");
        var user = new Values(Map.of("pharia-studio", Map.of("enabled", true, "replicas", 2)));
        assertEquals(
                Map.of(
                        "global", Map.of("inference", Map.of("enabled", true)),
                        "inference-api-proxy", Map.of("enabled", false),
                        "pharia-studio", Map.of("enabled", false, "replicas", 2),
                        "parent", Map.of("child", Map.of("enabled", false)),
                        "pharia-iam",
                                Map.of(
                                        "config",
                                        Map.of(
                                                "serviceUsers",
                                                Map.of(
                                                        "blue",
                                                        Map.of(
                                                                "name", "blue",
                                                                "description", "Inference API proxy of the tenant blue",
                                                                "roles", List.of("InferenceServiceUser")))))),
                SharedValues.of(ConfigFixtures.sharedConfig(keys), user).tree());
    }

    @Test
    void haveEveryServiceUserWhileATokenIsRotated() {
        var keys = ConfigFixtures.shared();
        keys.put("tenants", "[\"blue\"]");
        keys.put("serviceUsers", "{\"blue\":[\"blue\",\"blue-2\"]}");
        var values = SharedValues.of(ConfigFixtures.sharedConfig(keys), Values.EMPTY);
        assertEquals(Optional.of("blue"), values.at("pharia-iam.config.serviceUsers.blue.name"));
        assertEquals(Optional.of("blue-2"), values.at("pharia-iam.config.serviceUsers.blue-2.name"));
        assertEquals(
                Optional.of("Inference API proxy of the tenant blue"),
                values.at("pharia-iam.config.serviceUsers.blue-2.description"));
    }

    @Test
    void leaveTheUsersOwnServiceUsersAlone() {
        var keys = ConfigFixtures.shared();
        keys.put("tenants", "[\"blue\"]");
        var values = SharedValues.of(
                ConfigFixtures.sharedConfig(keys), Values.of("pharia-iam.config.serviceUsers.mine.name", "mine"));
        assertEquals(Optional.of("mine"), values.at("pharia-iam.config.serviceUsers.mine.name"));
        assertEquals(Optional.of("blue"), values.at("pharia-iam.config.serviceUsers.blue.name"));
    }
}
