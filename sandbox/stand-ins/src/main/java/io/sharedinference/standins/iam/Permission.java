package io.sharedinference.standins.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a user may do, as {@code check_user} writes it. */
sealed interface Permission {
    /** A permission that is its name alone. */
    enum Plain implements Permission {
        KernelAccess,
        ExecuteJobs,
        AccessAssistant,
        NuminousAccess
    }

    /** Use of one model, or of all of them ({@code *}). */
    record AccessModel(String model) implements Permission {
        static final String ALL = "*";
    }

    /** Whether a user who has this one has the other one, too. */
    default boolean covers(Permission asked) {
        return switch (this) {
            case Plain plain -> plain == asked;
            case AccessModel(String model) ->
                asked instanceof AccessModel other && (model.equals(AccessModel.ALL) || model.equals(other.model()));
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

    /** @throws IllegalArgumentException when it isn't an array of permissions */
    static List<Permission> list(JsonNode permissions) {
        if (!permissions.isArray()) {
            throw new IllegalArgumentException("permissions must be an array; empty asks for authentication only");
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
        throw new IllegalArgumentException("not a permission: " + json);
    }
}
