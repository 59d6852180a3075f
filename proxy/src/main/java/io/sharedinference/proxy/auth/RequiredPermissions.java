package io.sharedinference.proxy.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Permissions that every user of the API must have, in the IAM's format. Immutable. */
public final class RequiredPermissions {
    private static final String NO_JSON = "[]";
    private static final RequiredPermissions NONE = new RequiredPermissions(List.of(), NO_JSON);

    private final List<JsonNode> required;
    private final byte[] checkUserBody;

    private RequiredPermissions(List<JsonNode> permissions, String json) {
        this.required = List.copyOf(permissions);
        this.checkUserBody = ("{\"permissions\":" + json + "}").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Parses a JSON array such as {@code [{"permission":"AccessModel","model":"*"}]}.
     *
     * @throws IllegalArgumentException with the cause
     */
    public static RequiredPermissions parse(String json) {
        if (json.equals(NO_JSON)) {
            // avoids loading Jackson, which takes a fifth of the startup time
            return NONE;
        }
        JsonNode node;
        try {
            node = new JsonMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!(node instanceof ArrayNode permissions)) {
            throw new IllegalArgumentException("must be a JSON array of permissions");
        }
        for (JsonNode permission : permissions) {
            if (!permission.path("permission").isTextual()) {
                throw new IllegalArgumentException(
                        "each permission must be an object like {\"permission\":\"ExecuteJobs\"}");
            }
        }
        return new RequiredPermissions(list(permissions), permissions.toString());
    }

    /** The request body of check_user. */
    byte[] checkUserBody() {
        return checkUserBody.clone();
    }

    /** Whether only authentication is required. */
    boolean none() {
        return required.isEmpty();
    }

    boolean grantedBy(JsonNode granted) {
        return list(granted).containsAll(required);
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }
}
