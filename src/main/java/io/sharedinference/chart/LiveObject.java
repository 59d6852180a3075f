package io.sharedinference.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An object as it is in the cluster, for a comparison with what its chart set: with those fields, and with what people
 * set beside them. What the API server fills in and what controllers write is left out, and what means the
 * same is written as the chart writes it.
 */
record LiveObject(Map<?, ?> object) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?([numkMGTPE]|[KMGTPE]i|[eE][0-9]+)?");

    /** What tells the elements of Kubernetes' lists apart; the first one that all of them have, each another. */
    private static final List<String> IDENTITIES =
            List.of("name", "mountPath", "containerPort", "port", "key", "type", "topologyKey", "ip");

    private static final Pattern KUBECTLS_NOTE = Pattern.compile("kubectl\\.kubernetes\\.io/.*");

    /** @param manifest without keys that are null, and a Secret with its data encoded */
    Object asSetBy(Map<?, ?> manifest) {
        var managed = ManagedFields.of(object);
        var live = managed.autoscaled() ? withReplicasOf(manifest) : object;
        return map(live, manifest, new Writers(managed.byHand(), managed.byController(), false));
    }

    private Map<?, ?> withReplicasOf(Map<?, ?> manifest) {
        if (!(manifest.get("spec") instanceof Map<?, ?> set) || !(object.get("spec") instanceof Map<?, ?> spec)) {
            return object;
        }
        var autoscaled = new LinkedHashMap<Object, Object>(spec);
        autoscaled.put("replicas", set.get("replicas"));
        var copy = new LinkedHashMap<Object, Object>(object);
        copy.put("spec", autoscaled);
        return copy;
    }

    private static Object value(Object live, Object set, Writers writers) {
        if (live instanceof Map<?, ?> map && set instanceof Map<?, ?> keys) {
            return map(map, keys, writers);
        }
        if (live instanceof List<?> list && set instanceof List<?> elements) {
            return list(list, elements, writers);
        }
        return means(live, set) ? set : live;
    }

    private static Map<Object, Object> map(Map<?, ?> live, Map<?, ?> set, Writers writers) {
        var seen = new LinkedHashMap<Object, Object>();
        set.forEach((key, value) -> {
            if (live.containsKey(key) && writers.leaveToController(key)) {
                seen.put(key, value);
            } else if (live.containsKey(key)) {
                seen.put(key, value(live.get(key), value, writers.below(key)));
            } else if (isUnset(value)) {
                seen.put(key, value); // the API server doesn't keep it
            }
        });
        live.forEach((key, value) -> {
            if (!set.containsKey(key)
                    && writers.addedByHand(key, value)
                    && !KUBECTLS_NOTE.matcher(key.toString()).matches()) {
                addition(value, writers.below(key)).ifPresent(added -> seen.put(key, added));
            }
        });
        return seen;
    }

    /** Of what the chart doesn't set, the part that was written by hand; empty when that was a note only. */
    private static Optional<Object> addition(Object live, Writers writers) {
        if (writers.whole()
                || !(live instanceof Map<?, ?> map)
                || writers.byHand().keySet().stream()
                        .noneMatch(key -> key.toString().startsWith("f:"))) {
            return Optional.of(live);
        }
        return Optional.<Object>of(map(map, Map.of(), writers)).filter(added -> !added.equals(Map.of()));
    }

    private static List<Object> list(List<?> live, List<?> set, Writers writers) {
        return identity(live, set)
                .map(key -> list(key, live, set, writers))
                .orElseGet(() -> inPlace(live, set, writers));
    }

    /** The key that tells the elements of both apart. */
    static Optional<String> identity(List<?> live, List<?> set) {
        return IDENTITIES.stream()
                .filter(key -> identifies(key, live) && identifies(key, set))
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

    /** In the chart's order, and behind its elements those that it doesn't have. */
    private static List<Object> list(String key, List<?> live, List<?> set, Writers writers) {
        var left = live.stream()
                .collect(Collectors.<Object, Object, Map<?, ?>, LinkedHashMap<Object, Map<?, ?>>>toMap(
                        element -> ((Map<?, ?>) element).get(key),
                        element -> (Map<?, ?>) element,
                        (one, other) -> one,
                        LinkedHashMap::new));
        var seen = new ArrayList<>();
        for (var element : set) {
            Optional.ofNullable(left.remove(((Map<?, ?>) element).get(key)))
                    .ifPresent(there -> seen.add(map(there, (Map<?, ?>) element, writers.element(there))));
        }
        seen.addAll(left.values());
        return seen;
    }

    private static List<Object> inPlace(List<?> live, List<?> set, Writers writers) {
        var seen = new ArrayList<>();
        for (var i = 0; i < live.size(); i++) {
            seen.add(i < set.size() ? value(live.get(i), set.get(i), writers.elementInPlace()) : live.get(i));
        }
        return seen;
    }

    /**
     * Who wrote the fields of one part of the object.
     *
     * @param byHand       as in FieldsV1, what people wrote
     * @param byController what controllers wrote
     * @param whole        whether this is part of an atomic field, as a policy's egress, that was written by hand: the API
     *                     server then doesn't record what is below it
     */
    private record Writers(Map<?, ?> byHand, Map<?, ?> byController, boolean whole) {

        /** What the API server sets in atomic fields by itself. */
        private static final Set<Entry<String, String>> DEFAULTS =
                Set.of(Map.entry("protocol", "TCP"), Map.entry("apiVersion", "v1"), Map.entry("divisor", "0"));

        Writers below(Object key) {
            var atomic = byHand.get("f:" + key) instanceof Map<?, ?> fields && fields.isEmpty();
            return new Writers(at(byHand, "f:" + key), at(byController, "f:" + key), whole || atomic);
        }

        Writers element(Map<?, ?> element) {
            return new Writers(at(byHand, element), at(byController, element), whole);
        }

        Writers elementInPlace() {
            return new Writers(Map.of(), Map.of(), whole);
        }

        boolean addedByHand(Object key, Object value) {
            return byHand.containsKey("f:" + key)
                    || whole && !DEFAULTS.contains(Map.entry(key.toString(), String.valueOf(value)));
        }

        /** A value that a controller fills in, a placeholder's for instance, and no hand has changed since. */
        boolean leaveToController(Object key) {
            return byController.get("f:" + key) instanceof Map<?, ?> fields
                    && fields.keySet().stream().allMatch("."::equals)
                    && !byHand.containsKey("f:" + key);
        }

        private static Map<?, ?> at(Map<?, ?> fields, String key) {
            return fields.get(key) instanceof Map<?, ?> map ? map : Map.of();
        }

        /** FieldsV1 names an element by its identifying keys: {@code k:{"name":"proxy"}}. */
        private static Map<?, ?> at(Map<?, ?> fields, Map<?, ?> element) {
            return fields.entrySet().stream()
                    .filter(entry -> entry.getKey().toString().startsWith("k:"))
                    .filter(entry -> names(entry.getKey().toString().substring(2), element))
                    .findFirst()
                    .<Map<?, ?>>map(entry -> (Map<?, ?>) entry.getValue())
                    .orElse(Map.of());
        }

        private static boolean names(String keys, Map<?, ?> element) {
            try {
                return JSON.readValue(keys, OBJECT).entrySet().stream()
                        .allMatch(key -> element.entrySet().contains(key));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the API server writes JSON behind k:", e);
            }
        }
    }

    private static boolean isUnset(Object value) {
        return value == null
                || value.equals("")
                || value.equals(false)
                || value.equals(0)
                || value instanceof Map<?, ?> map && map.values().stream().allMatch(LiveObject::isUnset)
                || value instanceof List<?> list && list.isEmpty();
    }

    /** Whether the API server made one of the other: 0.5 is 500m to it. */
    private static boolean means(Object live, Object set) {
        var is = Objects.toString(live);
        var was = Objects.toString(set);
        return is.equals(was)
                || isUnset(live) && isUnset(set)
                || QUANTITY.matcher(is).matches()
                        && QUANTITY.matcher(was).matches()
                        && Quantity.parse(is)
                                        .getNumericalAmount()
                                        .compareTo(Quantity.parse(was).getNumericalAmount())
                                == 0;
    }
}
