package io.sharedinference.standins.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.standins.server.Call;
import io.sharedinference.standins.server.HttpError;
import io.sharedinference.standins.server.StandInServer;
import java.io.IOException;
import java.util.List;

/** {@code POST /check_user}: returns the token's user and which of the requested permissions the user has. */
final class CheckUser implements StandInServer.Handler {
    private final UserDirectory users;

    CheckUser(UserDirectory users) {
        this.users = users;
    }

    @Override
    public void handle(Call call) throws IOException {
        if (!call.route().equals("POST /check_user")) {
            throw new HttpError(404, "not_found", "the only route is POST /check_user");
        }
        User user = call.bearer().flatMap(users::user).orElseThrow(HttpError::unauthenticated);
        call.note("sub", user.sub());
        List<Permission> requested = requested(call.json());
        List<Permission> granted = requested.stream().filter(user::has).toList();
        call.note("requested", requested.size());
        call.note("granted", granted.size());
        call.json(200, response(user, granted));
    }

    private static List<Permission> requested(JsonNode body) {
        try {
            return Permission.list(body.path("permissions"));
        } catch (IllegalArgumentException malformed) {
            throw new HttpError(400, "bad_request", malformed.getMessage());
        }
    }

    private static JsonNode response(User user, List<Permission> granted) {
        ObjectNode response = JsonNodeFactory.instance.objectNode().put("sub", user.sub());
        response.put("email", user.email().orElse(null));
        response.put("email_verified", user.email().isPresent() ? Boolean.TRUE : null);
        ArrayNode permissions = response.putArray("permissions");
        granted.forEach(permission -> permissions.add(permission.json()));
        return response;
    }
}
