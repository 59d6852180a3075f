package io.sharedinference.chart;

import io.sharedinference.yaml.YamlDialect;
import io.sharedinference.yaml.YamlReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The objects of a chart's manifest.
 *
 * @param objects by kind, group, namespace and name; each as a tree of maps, lists and scalars
 */
record Manifest(Map<String, Object> objects) {

    static final Manifest EMPTY = new Manifest(Map.of());

    /**
     * @param namespace of objects that name none
     * @throws org.yaml.snakeyaml.error.YAMLException if it isn't YAML
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

    /** @param namespace of objects that name none */
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

    /** The group only where it isn't Kubernetes' own: it distinguishes two kinds of one name. */
    private static String name(Map<?, ?> object, String kind, String namespace) {
        var version = String.valueOf(object.get("apiVersion"));
        var group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        var metadata = object.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
        var own = metadata.get("namespace");
        return kind + (group.contains(".") && !group.endsWith(".k8s.io") ? "." + group : "") + " "
                + (own == null ? namespace : own) + "/" + metadata.get("name");
    }

    /** What its Secrets hold, in plain. */
    Stream<String> secrets() {
        return objects.values().stream().flatMap(SecretData::values);
    }

    /** As the API server keeps them: without keys that are null, and Secrets with all their data encoded. */
    Manifest kept() {
        var kept = new TreeMap<String, Object>();
        objects.forEach((name, object) -> kept.put(name, SecretData.encoded((Map<?, ?>) withoutNulls(object))));
        return new Manifest(kept);
    }

    private static Object withoutNulls(Object value) {
        if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<Object, Object>();
            map.forEach((key, child) -> {
                if (child != null) {
                    copy.put(key, withoutNulls(child));
                }
            });
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream().map(Manifest::withoutNulls).toList()
                : value;
    }

    /** With its keys sorted, so that equal objects are equal strings. */
    static String text(Object object) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(Integer.MAX_VALUE);
        options.setSplitLines(false);
        return new Yaml(options).dump(sorted(object));
    }

    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            var copy = new TreeMap<String, Object>();
            map.forEach((key, child) -> copy.put(String.valueOf(key), sorted(child)));
            return new LinkedHashMap<>(copy);
        }
        return value instanceof Iterable<?> list
                ? StreamSupport.stream(list.spliterator(), false)
                        .map(Manifest::sorted)
                        .toList()
                : value;
    }
}
