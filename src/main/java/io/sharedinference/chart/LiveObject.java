package io.sharedinference.chart;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A live object, prepared for a comparison with its manifest: with the manifest's fields and those that users added. Omits
 * defaults of the API server and fields of controllers, and writes equivalent values as the manifest does.
 */
record LiveObject(Map<?, ?> object) {

    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?([numkMGTPE]|[KMGTPE]i|[eE][0-9]+)?");

    /** Keys that identify list elements; the first that all elements have, with distinct values, is used. */
    private static final List<String> IDENTIFYING_KEYS =
            List.of("name", "mountPath", "containerPort", "port", "key", "type", "topologyKey", "ip");

    private static final Pattern KUBECTL_ANNOTATION = Pattern.compile("kubectl\\.kubernetes\\.io/.*");

    /** @param manifest as the API server stores it, see {@link Manifest#asStored} */
    Object normalized(Map<?, ?> manifest) {
        var managed = ManagedFields.of(object);
        var live = managed.autoscaled() ? withReplicasOf(manifest) : object;
        return map(live, manifest, new FieldWriters(managed.byUsers(), managed.byControllers(), false));
    }

    private Map<?, ?> withReplicasOf(Map<?, ?> manifest) {
        if (!(manifest.get("spec") instanceof Map<?, ?> deployed) || !(object.get("spec") instanceof Map<?, ?> spec)) {
            return object;
        }
        var autoscaled = new LinkedHashMap<Object, Object>(spec);
        autoscaled.put("replicas", deployed.get("replicas"));
        var copy = new LinkedHashMap<Object, Object>(object);
        copy.put("spec", autoscaled);
        return copy;
    }

    private static Object value(Object live, Object manifest, FieldWriters writers) {
        if (live instanceof Map<?, ?> map && manifest instanceof Map<?, ?> keys) {
            return map(map, keys, writers);
        }
        if (live instanceof List<?> list && manifest instanceof List<?> elements) {
            return list(list, elements, writers);
        }
        return equivalent(live, manifest) ? manifest : live;
    }

    private static Map<Object, Object> map(Map<?, ?> live, Map<?, ?> manifest, FieldWriters writers) {
        var normalized = new LinkedHashMap<Object, Object>();
        manifest.forEach((key, value) -> {
            if (live.containsKey(key) && writers.ownedByController(key)) {
                normalized.put(key, value);
            } else if (live.containsKey(key)) {
                normalized.put(key, value(live.get(key), value, writers.child(key)));
            } else if (isUnset(value)) {
                normalized.put(key, value); // the API server omits empty values
            }
        });
        live.forEach((key, value) -> {
            if (!manifest.containsKey(key)
                    && writers.addedByUser(key, value)
                    && !KUBECTL_ANNOTATION.matcher(key.toString()).matches()) {
                addition(value, writers.child(key)).ifPresent(added -> normalized.put(key, added));
            }
        });
        return normalized;
    }

    /** The part of a field missing in the manifest that users wrote; empty if they wrote only annotations of kubectl. */
    private static Optional<Object> addition(Object live, FieldWriters writers) {
        if (writers.atomic()
                || !(live instanceof Map<?, ?> map)
                || writers.users().keySet().stream()
                        .noneMatch(key -> key.toString().startsWith("f:"))) {
            return Optional.of(live);
        }
        return Optional.<Object>of(map(map, Map.of(), writers)).filter(added -> !added.equals(Map.of()));
    }

    private static List<Object> list(List<?> live, List<?> manifest, FieldWriters writers) {
        return identifyingKey(live, manifest)
                .map(key -> list(key, live, manifest, writers))
                .orElseGet(() -> byIndex(live, manifest, writers));
    }

    /** The key that identifies the elements of both lists. */
    static Optional<String> identifyingKey(List<?> live, List<?> manifest) {
        return IDENTIFYING_KEYS.stream()
                .filter(key -> identifies(key, live) && identifies(key, manifest))
                .findFirst();
    }

    private static boolean identifies(String key, List<?> list) {
        return list.stream()
                        .filter(element -> element instanceof Map<?, ?> map && map.containsKey(key))
                        .map(element -> ((Map<?, ?>) element).get(key))
                        .distinct()
                        .count()
                == list.size();
    }

    /** In the order of the manifest, followed by added elements. */
    private static List<Object> list(String key, List<?> live, List<?> manifest, FieldWriters writers) {
        var remaining = live.stream()
                .collect(Collectors.<Object, Object, Map<?, ?>, LinkedHashMap<Object, Map<?, ?>>>toMap(
                        element -> ((Map<?, ?>) element).get(key),
                        element -> (Map<?, ?>) element,
                        (first, second) -> first,
                        LinkedHashMap::new));
        var normalized = new ArrayList<>();
        for (var element : manifest) {
            Optional.ofNullable(remaining.remove(((Map<?, ?>) element).get(key)))
                    .ifPresent(found -> normalized.add(map(found, (Map<?, ?>) element, writers.element(found))));
        }
        normalized.addAll(remaining.values());
        return normalized;
    }

    private static List<Object> byIndex(List<?> live, List<?> manifest, FieldWriters writers) {
        var normalized = new ArrayList<>();
        for (var i = 0; i < live.size(); i++) {
            normalized.add(
                    i < manifest.size() ? value(live.get(i), manifest.get(i), writers.elementAtIndex()) : live.get(i));
        }
        return normalized;
    }

    private static boolean isUnset(Object value) {
        return value == null
                || value.equals("")
                || value.equals(false)
                || value.equals(0)
                || value instanceof Map<?, ?> map && map.values().stream().allMatch(LiveObject::isUnset)
                || value instanceof List<?> list && list.isEmpty();
    }

    /** Whether the API server stores one as the other: 0.5 as 500m. */
    private static boolean equivalent(Object live, Object manifest) {
        var actual = Objects.toString(live);
        var expected = Objects.toString(manifest);
        return actual.equals(expected)
                || isUnset(live) && isUnset(manifest)
                || QUANTITY.matcher(actual).matches()
                        && QUANTITY.matcher(expected).matches()
                        && Quantity.parse(actual)
                                        .getNumericalAmount()
                                        .compareTo(Quantity.parse(expected).getNumericalAmount())
                                == 0;
    }
}
