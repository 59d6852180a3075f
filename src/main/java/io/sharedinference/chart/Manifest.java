package io.sharedinference.chart;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.yaml.YamlDialect;
import io.sharedinference.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The objects of a chart's manifest.
 *
 * @param objects by kind, group, namespace and name; each as a tree of maps, lists and scalars
 */
record Manifest(Map<String, Object> objects) {

    private static final ObjectMapper SORTED =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final ObjectMapper NON_NULL = new ObjectMapper()
            .setDefaultPropertyInclusion(JsonInclude.Value.construct(Include.ALWAYS, Include.NON_NULL));

    static final Manifest EMPTY = new Manifest(Map.of());

    /**
     * @param namespace of objects without one
     * @throws YAMLException if it is not valid YAML
     */
    static Manifest parse(String yaml, String namespace) {
        var objects = new TreeMap<String, Object>();
        for (var document : new YamlReader(YamlDialect.HELM).all(yaml)) {
            if (document.orElse("") instanceof Map<?, ?> object && object.get("kind") instanceof String kind) {
                add(objects, object, kind, namespace);
            }
        }
        return new Manifest(objects);
    }

    /** @param namespace of objects without one */
    static Manifest of(List<Map<?, ?>> objects, String namespace) {
        var named = new TreeMap<String, Object>();
        objects.forEach(object -> add(named, object, String.valueOf(object.get("kind")), namespace));
        return new Manifest(named);
    }

    private static void add(Map<String, Object> objects, Map<?, ?> object, String kind, String namespace) {
        if (kind.equals("List") && object.get("items") instanceof Iterable<?> items) {
            items.forEach(item -> {
                if (item instanceof Map<?, ?> map && map.get("kind") instanceof String itemKind) {
                    add(objects, map, itemKind, namespace);
                }
            });
            return;
        }
        objects.put(name(object, kind, namespace), object);
    }

    /** Includes the group of custom resources, because kinds are unique only within a group. */
    private static String name(Map<?, ?> object, String kind, String namespace) {
        var version = String.valueOf(object.get("apiVersion"));
        var group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        var metadata = metadata(object);
        var own = metadata.get("namespace");
        return kind + (group.contains(".") && !group.endsWith(".k8s.io") ? "." + group : "") + " "
                + (own == null ? namespace : own) + "/" + metadata.get("name");
    }

    Optional<Object> find(String name) {
        return Optional.ofNullable(objects.get(name));
    }

    static Map<?, ?> metadata(Map<?, ?> object) {
        return object.get("metadata") instanceof Map<?, ?> metadata ? metadata : Map.of();
    }

    /** Omits the parser's message, which may quote secrets. */
    static String invalid(InstallationConfig config, YAMLException cause) {
        return "the manifest of the release " + config.releaseName() + " is not valid YAML: "
                + cause.getClass().getSimpleName();
    }

    /** Decoded contents of its Secrets. */
    Stream<String> secrets() {
        return objects.values().stream().flatMap(SecretData::values);
    }

    /** As the API server stores them: without null values, and with the data of Secrets encoded. */
    Manifest asStored() {
        var stored = new TreeMap<String, Object>();
        objects.forEach(
                (name, object) -> stored.put(name, SecretData.encoded(NON_NULL.convertValue(object, Map.class))));
        return new Manifest(stored);
    }

    /** With sorted keys, so that equal objects are equal strings. */
    static String yaml(Object object) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(Integer.MAX_VALUE);
        options.setSplitLines(false);
        return new Yaml(options).dump(SORTED.convertValue(object, Object.class));
    }
}
