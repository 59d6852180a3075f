package io.sharedinference.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.cluster.Cluster;
import io.sharedinference.config.Problems;
import io.sharedinference.config.ServiceUsers;
import io.sharedinference.config.SharedConfig;
import io.sharedinference.engine.Engine;
import io.sharedinference.release.Token;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A tenant's service users in the shared stack's file, and their Secrets in the shared cluster. */
final class SharedUsers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Place place;
    private final String stack;
    private final String tenant;

    SharedUsers(Place place, String stack, String tenant) {
        this.place = place;
        this.stack = stack;
        this.tenant = tenant;
    }

    /** As the file has them now; empty when the tenant isn't listed. */
    Optional<ServiceUsers> listed() {
        return config().serviceUsers().stream()
                .filter(users -> users.tenant().equals(tenant))
                .findFirst();
    }

    void add() {
        if (listed().isEmpty()) {
            place.engine()
                    .configure(stack, Map.of("tenants[" + written("tenants").size() + "]", tenant));
        }
    }

    /** Both, the newer one last: its token is handed out. */
    void set(List<String> names) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(path() + "[" + i + "]", names.get(i));
        }
        place.engine().configure(stack, values);
    }

    void dropFirst() {
        place.engine().unset(stack, path() + "[0]");
    }

    /** In this order: killed in between, what is left is still well-formed. */
    void remove() {
        if (!written("serviceUsers").path(tenant).isMissingNode()) {
            place.engine().unset(stack, path());
        }
        var names = written("tenants");
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).asText().equals(tenant)) {
                place.engine().unset(stack, "tenants[" + i + "]");
                return;
            }
        }
    }

    private JsonNode written(String key) {
        var text = place.files()
                .read(stack, new Problems())
                .map(settings -> settings.values().getOrDefault(Engine.PROJECT + ":" + key, ""))
                .orElse("");
        try {
            return JSON.readTree(text.isBlank() ? "[]" : text);
        } catch (JsonProcessingException e) {
            throw new LifecycleException(
                    key + " in Pulumi." + stack + ".yaml is neither a list nor a map. Run ./tenant check.");
        }
    }

    /** The tokens of those users whose Secrets are there. */
    List<Token> tokens(List<String> users) {
        try (Cluster cluster = cluster()) {
            return users.stream()
                    .flatMap(user -> cluster.token(namespace(), ServiceUsers.SECRET + user, "token").stream())
                    .toList();
        }
    }

    /** Secrets of this tenant's service users that are in the cluster. */
    List<String> secrets() {
        try (Cluster cluster = cluster()) {
            return cluster.secretNames(namespace()).stream()
                    .filter(name -> name.startsWith(ServiceUsers.SECRET)
                            && isOfTenant(name.substring(ServiceUsers.SECRET.length())))
                    .toList();
        }
    }

    static String userOf(String secret) {
        return secret.substring(ServiceUsers.SECRET.length());
    }

    private boolean isOfTenant(String user) {
        return user.equals(tenant) || new ServiceUsers(tenant, List.of(tenant)).dropped(user);
    }

    private String path() {
        return "serviceUsers[\"" + tenant + "\"]";
    }

    private Cluster cluster() {
        return place.cluster(config().installation().cluster());
    }

    private String namespace() {
        return config().installation().namespace();
    }

    private SharedConfig config() {
        return place.shared(stack);
    }
}
