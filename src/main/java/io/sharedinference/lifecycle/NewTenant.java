package io.sharedinference.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.config.Problems;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.engine.Engine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A tenant that is to be: its stack's file says what another tenant's does, except for what is that one's own.
 *
 * @param name         of stack and tenant
 * @param like         the stack to take settings over from
 * @param otherCluster its context, when it isn't to live in the other tenant's cluster
 * @param handedOver   whether it takes its token from a hand-over stack, even if the other tenant doesn't
 * @param settings     by key; they win over what is taken over. Lists and objects as JSON
 */
public record NewTenant(
        String name, String like, Optional<String> otherCluster, boolean handedOver, Map<String, String> settings) {

    private static final String PREFIX = Engine.PROJECT + ":";
    private static final Set<String> ITS_OWN =
            Set.of("tenant", "namespace", "domain", "inferenceApiUrl", "iamUrl", "proxyRegistryPassword");
    private static final Set<String> OF_ITS_CLUSTER = Set.of("sharedApiNamespace", "sharedApiCidrs");
    private static final Set<String> OF_THE_SHARED_API = Set.of(
            "context",
            "kubeconfig",
            "kubernetesPluginVersion",
            "namespace",
            "domain",
            "inferenceApiUrl",
            "inferenceApiCa");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of the tenant's stack. */
    NewStackFile draft(Place place) {
        return new NewStackFile(name, like, config(place));
    }

    /** Of the hand-over stack that it takes its token from, if it is to have one of its own: what the shared stack's says. */
    Optional<NewStackFile> handover(Place place) {
        if (settings.containsKey("sharedStack")) {
            return Optional.empty();
        }
        var route = place.tenant(like).map(place::route);
        return route.filter(way -> handedOver || way.handover().isPresent() || keepsTokens(place, way.shared()))
                .map(way -> handover(place, way.shared()));
    }

    private static boolean keepsTokens(Place place, String shared) {
        return place.hasFile(shared) && !place.shared(shared).tokenOutputs();
    }

    private NewStackFile handover(Place place, String shared) {
        var config = new TreeMap<String, Object>();
        place.files().read(shared, new Problems()).orElseThrow().values().forEach((key, value) -> {
            if (OF_THE_SHARED_API.contains(key.substring(key.indexOf(':') + 1))) {
                config.put(key, value);
            }
        });
        config.put(PREFIX + "role", "handover");
        config.put(PREFIX + "tenant", name);
        return new NewStackFile("handover-" + name, shared, config);
    }

    private Map<String, Object> config(Place place) {
        var config = new TreeMap<String, Object>();
        var taken = place.files()
                .read(like, new Problems())
                .orElseThrow(() -> new LifecycleException("there is no stack file Pulumi." + like
                        + ".yaml to take settings over from. Name another tenant's stack with --like."));
        taken.values().forEach((key, value) -> {
            String own = key.substring(key.indexOf(':') + 1);
            boolean left = ITS_OWN.contains(own) || otherCluster.isPresent() && OF_ITS_CLUSTER.contains(own);
            if (!left && !taken.secretKeys().contains(key)) {
                config.put(key, parsed(value));
            }
        });
        config.put(PREFIX + "tenant", name);
        handover(place).ifPresent(handover -> config.put(PREFIX + "sharedStack", handover.stack()));
        domain(place).ifPresent(domain -> config.put(PREFIX + "domain", domain));
        otherCluster.ifPresent(context -> config.put(PREFIX + "context", context));
        settings.forEach((key, value) -> config.put(PREFIX + key, parsed(value)));
        return config;
    }

    /** {@code blue.example.com} becomes {@code green.example.com}. */
    private Optional<String> domain(Place place) {
        String old = place.tenant(like).map(TenantConfig::tenant).orElse(like);
        return place.files()
                .read(like, new Problems())
                .map(taken -> taken.values().getOrDefault(PREFIX + "domain", ""))
                .filter(domain -> domain.startsWith(old + "."))
                .map(domain -> name + domain.substring(old.length()));
    }

    /** A list or an object from its JSON; anything else is the text that it is. */
    private static Object parsed(String value) {
        try {
            return value.startsWith("[")
                    ? JSON.readValue(value, List.class)
                    : value.startsWith("{") ? JSON.readValue(value, Map.class) : value;
        } catch (JsonProcessingException e) {
            return value; // the rules will say so
        }
    }
}
