package io.sharedinference.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A live object reset to its manifest, without fields that users added. Keeps defaults and fields of controllers. */
final class RepairedObject {

    private RepairedObject() {}

    /** @param normalized the live object as {@link LiveObject} compares it */
    static Map<?, ?> of(Map<?, ?> live, Object normalized, Map<?, ?> manifest) {
        return (Map<?, ?>) repaired(live, normalized, manifest);
    }

    private static Object repaired(Object live, Object normalized, Object manifest) {
        if (normalized.equals(manifest)) {
            return live;
        }
        if (live instanceof Map<?, ?> map
                && normalized instanceof Map<?, ?> compared
                && manifest instanceof Map<?, ?> keys) {
            return map(map, compared, keys);
        }
        if (live instanceof List<?> list
                && normalized instanceof List<?> compared
                && manifest instanceof List<?> elements) {
            return LiveObject.identifyingKey(list, elements)
                    .<Object>map(key -> list(key, list, compared, elements))
                    .orElse(manifest);
        }
        return manifest;
    }

    private static Map<Object, Object> map(Map<?, ?> live, Map<?, ?> normalized, Map<?, ?> manifest) {
        var repaired = new LinkedHashMap<Object, Object>(live);
        normalized.keySet().stream().filter(key -> !manifest.containsKey(key)).forEach(repaired::remove);
        manifest.forEach((key, value) -> repaired.put(
                key,
                live.containsKey(key) && normalized.containsKey(key)
                        ? repaired(live.get(key), normalized.get(key), value)
                        : value));
        return repaired;
    }

    private static List<Object> list(String key, List<?> live, List<?> normalized, List<?> manifest) {
        var repaired = new ArrayList<>();
        for (var element : manifest) {
            var found = element(key, live, element);
            var compared = element(key, normalized, element);
            repaired.add(
                    found.isPresent() && compared.isPresent()
                            ? repaired(found.get(), compared.get(), element)
                            : element);
        }
        return repaired;
    }

    private static Optional<?> element(String key, List<?> list, Object like) {
        return list.stream()
                .filter(element -> element instanceof Map<?, ?> map
                        && like instanceof Map<?, ?> wanted
                        && Objects.equals(map.get(key), wanted.get(key)))
                .findFirst();
    }
}
