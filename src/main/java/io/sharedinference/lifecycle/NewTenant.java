package io.sharedinference.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.check.StackCheck;
import io.sharedinference.config.Problems;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A stack file for a tenant that is to be: what another tenant's has, except for what is that one's own.
 *
 * @param name         of stack and tenant
 * @param like         the stack to take settings over from
 * @param otherCluster its context, when it isn't to live in the other tenant's cluster
 * @param settings     by key; they win over what is taken over. Lists and objects as JSON
 */
public record NewTenant(String name, String like, Optional<String> otherCluster, Map<String, String> settings) {

    private static final String PREFIX = Engine.PROJECT + ":";
    private static final Set<String> ITS_OWN =
            Set.of("tenant", "namespace", "domain", "inferenceApiUrl", "iamUrl", "proxyRegistryPassword");
    private static final Set<String> OF_ITS_CLUSTER = Set.of("sharedApiNamespace", "sharedApiCidrs");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Writes the file, whole or not at all.
     *
     * @throws io.sharedinference.config.ConfigException with all that is wrong with it; it isn't there then
     */
    void write(Place place) {
        Path file = place.files().file(name);
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        try {
            Files.writeString(draft, yaml(place));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        check(place);
    }

    private void check(Place place) {
        var problems = new Problems();
        new StackCheck(place.files(), place.surroundings())
                .problems(name).stream()
                        // that is put right next
                        .filter(problem -> !problem.rule().startsWith("is no tenant of the stack"))
                        .forEach(problems::add);
        if (!problems.all().isEmpty()) {
            place.files().delete(name);
            problems.throwIfAny(name);
        }
    }

    private String yaml(Place place) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(Map.of("config", config(place)));
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
