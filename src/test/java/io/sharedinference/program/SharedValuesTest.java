package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedValuesTest {

    @Test
    void addsServiceUsersAndSwitches() {
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
    void containsAllServiceUsersDuringRotation() {
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
    void keepsOtherServiceUsers() {
        var keys = ConfigFixtures.shared();
        keys.put("tenants", "[\"blue\"]");
        var values = SharedValues.of(
                ConfigFixtures.sharedConfig(keys), Values.of("pharia-iam.config.serviceUsers.mine.name", "mine"));
        assertEquals(Optional.of("mine"), values.at("pharia-iam.config.serviceUsers.mine.name"));
        assertEquals(Optional.of("blue"), values.at("pharia-iam.config.serviceUsers.blue.name"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"pharia-iam": {"enabled": false}}                              | pharia-iam.enabled = "false"
            {"inference-api": {"enabled": "true"}}                          | inference-api.enabled = "true"
            {"inference-api": "off"}                                        | inference-api
            {"pharia-iam": {"config": {"serviceUsers": ["blue"]}}}          | pharia-iam.config.serviceUsers
            {"pharia-iam": {"config": {"serviceUsers": {"blue": "x"}}}}     | pharia-iam.config.serviceUsers.blue
            {"pharia-iam": {"config": {"serviceUsers": {"blue": {"name": "red"}}}}}         | serviceUsers.blue.name
            {"pharia-iam": {"config": {"serviceUsers": {"blue": {"roles": ["Admin"]}}}}}    | serviceUsers.blue.roles
            {"pharia-iam": {"config": {"serviceUsers": {"blue": {"token": "s3cret"}}}}}     | serviceUsers.blue.token
            """)
    void rejectsChangesToRequiredValues(String values, String named) {
        var found = problems(values);
        assertEquals(1, found.size(), found.toString());
        assertTrue(
                found.get(0).contains("shared-inference:values: ")
                        && found.get(0).contains(named),
                found.get(0));
        assertFalse(found.get(0).contains("s3cret"), found.get(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"pharia-iam\": {\"enabled\": true}, \"inference-api\": {\"enabled\": null}}",
                "{\"pharia-iam\": {\"config\": {\"serviceUsers\": {\"mine\": {\"roles\": [\"Admin\"]}}}}}",
                "{\"pharia-iam\": {\"config\": {\"serviceUsers\": {\"blue\": {\"name\": \"blue\", \"description\": \"by hand\", \"roles\": [\"InferenceServiceUser\"]}}}}}"
            })
    void acceptsValuesThatTheProgramSets(String values) {
        assertEquals(List.of(), problems(values));
    }

    private static List<String> problems(String values) {
        var keys = ConfigFixtures.shared();
        keys.put("tenants", "[\"blue\"]");
        keys.put("values", values);
        keys.put("kubernetesPluginVersion", "4.30.0"); // older ones take no nulls
        var problems = new Problems();
        var config = ConfigFixtures.sharedConfig(keys);
        SharedValues.check(config, UserValues.read(config.installation(), Path.of(""), problems), problems);
        return problems.all().stream().map(Problem::toString).toList();
    }
}
