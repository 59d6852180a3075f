package io.sharedinference.standins.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A permission, in the JSON format of {@code check_user}. */
sealed interface Permission {
    /** A permission without parameters. */
    enum Plain implements Permission {
        KernelAccess,
        ExecuteJobs,
        AccessAssistant,
        NuminousAccess
    }

    /** Access to one model, or to all models ({@code *}). */
    record AccessModel(String model) implements Permission {
        static final String ALL = "*";
    }

    /** Whether this permission includes the requested one. */
    default boolean covers(Permission requested) {
        return switch (this) {
            case Plain plain -> plain == requested;
            case AccessModel(String model) ->
                requested instanceof AccessModel other
                        && (model.equals(AccessModel.ALL) || model.equals(other.model()));
        };
    }

    default ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        return switch (this) {
            case Plain plain -> json.put("permission", plain.name());
            case AccessModel(String model) ->
                json.put("permission", "AccessModel").put("model", model);
        };
    }

    /** @throws IllegalArgumentException if it is not an array of permissions */
    static List<Permission> list(JsonNode permissions) {
        if (!permissions.isArray()) {
            throw new IllegalArgumentException(
                    "permissions must be an array; an empty one requests authentication only");
        }
        return permissions.valueStream().map(Permission::of).toList();
    }

    private static Permission of(JsonNode json) {
        String name = json.path("permission").asText();
        JsonNode model = json.path("model");
        if (name.equals("AccessModel") && model.isTextual()) {
            return new AccessModel(model.textValue());
        }
        for (Plain plain : Plain.values()) {
            if (plain.name().equals(name)) {
                return plain;
            }
        }
        throw new IllegalArgumentException("unknown permission: " + json);
    }
}
