package io.sharedinference.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A live object with what its chart set, and without what people added. All else stays: defaults, and what controllers wrote. */
final class Restoration {

    private Restoration() {}

    /**
     * @param live     as it is
     * @param seen     as {@link LiveObject} compares it
     * @param manifest as the chart set it
     */
    static Map<?, ?> of(Map<?, ?> live, Object seen, Map<?, ?> manifest) {
        return (Map<?, ?>) restored(live, seen, manifest);
    }

    private static Object restored(Object live, Object seen, Object set) {
        if (seen.equals(set)) {
            return live;
        }
        if (live instanceof Map<?, ?> map && seen instanceof Map<?, ?> compared && set instanceof Map<?, ?> keys) {
            return map(map, compared, keys);
        }
        if (live instanceof List<?> list && seen instanceof List<?> compared && set instanceof List<?> elements) {
            return LiveObject.identity(list, elements)
                    .<Object>map(key -> list(key, list, compared, elements))
                    .orElse(set);
        }
        return set;
    }

    private static Map<Object, Object> map(Map<?, ?> live, Map<?, ?> seen, Map<?, ?> set) {
        var restored = new LinkedHashMap<Object, Object>(live);
        seen.keySet().stream().filter(key -> !set.containsKey(key)).forEach(restored::remove);
        set.forEach((key, value) -> restored.put(
                key,
                live.containsKey(key) && seen.containsKey(key)
                        ? restored(live.get(key), seen.get(key), value)
                        : value));
        return restored;
    }

    private static List<Object> list(String key, List<?> live, List<?> seen, List<?> set) {
        var restored = new ArrayList<>();
        for (var element : set) {
            var there = element(key, live, element);
            var compared = element(key, seen, element);
            restored.add(
                    there.isPresent() && compared.isPresent()
                            ? restored(there.get(), compared.get(), element)
                            : element);
        }
        return restored;
    }

    private static Optional<?> element(String key, List<?> list, Object like) {
        return list.stream()
                .filter(element -> element instanceof Map<?, ?> map
                        && like instanceof Map<?, ?> wanted
                        && Objects.equals(map.get(key), wanted.get(key)))
                .findFirst();
    }
}
