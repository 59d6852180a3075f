package io.sharedinference.standins.iam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.standins.server.Call;
import io.sharedinference.standins.server.Refusal;
import io.sharedinference.standins.server.StandInServer;
import java.io.IOException;
import java.util.List;

/** {@code POST /check_user}: whose token is it, and which of the permissions asked for does its holder have? */
final class CheckUser implements StandInServer.Handler {
    private final UserDirectory users;

    CheckUser(UserDirectory users) {
        this.users = users;
    }

    @Override
    public void handle(Call call) throws IOException {
        if (!call.route().equals("POST /check_user")) {
            throw new Refusal(404, "not_found", "the stand-in serves POST /check_user only");
        }
        User user = call.bearer().flatMap(users::holder).orElseThrow(Refusal::unauthenticated);
        call.note("sub", user.sub());
        List<Permission> asked = asked(call.json());
        List<Permission> granted = asked.stream().filter(user::has).toList();
        call.note("asked", asked.size());
        call.note("granted", granted.size());
        call.json(200, answer(user, granted));
    }

    private static List<Permission> asked(JsonNode body) {
        try {
            return Permission.list(body.path("permissions"));
        } catch (IllegalArgumentException malformed) {
            throw new Refusal(400, "bad_request", malformed.getMessage());
        }
    }

    private static JsonNode answer(User user, List<Permission> granted) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("sub", user.sub());
        answer.put("email", user.email().orElse(null));
        answer.put("email_verified", user.email().isPresent() ? Boolean.TRUE : null);
        ArrayNode permissions = answer.putArray("permissions");
        granted.forEach(permission -> permissions.add(permission.json()));
        return answer;
    }
}
