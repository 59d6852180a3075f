package io.sharedinference.chart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Where a chart makes a value anew at each rendering: certificates, passwords, dates, and checksums over them. Nothing can
 * be said of these, except that Helm will make them once more.
 *
 * @param paths of keys and positions
 */
record Generated(Set<List<Object>> paths) {

    static final Generated NOTHING = new Generated(Set.of());
    private static final String MARK = "(made anew by the chart each time)";

    static Generated between(Object once, Object again) {
        var paths = new HashSet<List<Object>>();
        collect(List.of(), once, again, paths);
        return new Generated(paths);
    }

    private static void collect(List<Object> path, Object once, Object again, Set<List<Object>> paths) {
        if (once instanceof Map<?, ?> left
                && again instanceof Map<?, ?> right
                && left.keySet().equals(right.keySet())) {
            left.forEach((key, value) -> collect(below(path, key), value, right.get(key), paths));
        } else if (once instanceof List<?> left && again instanceof List<?> right && left.size() == right.size()) {
            for (var i = 0; i < left.size(); i++) {
                collect(below(path, i), left.get(i), right.get(i), paths);
            }
        } else if (!Objects.equals(once, again)) {
            paths.add(path);
        }
    }

    /** The same object with a mark in the place of what is made anew. */
    Object mark(Object object) {
        return paths.isEmpty() ? object : mark(List.of(), object);
    }

    private Object mark(List<Object> path, Object value) {
        if (paths.contains(path)) {
            return MARK;
        }
        if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<Object, Object>();
            map.forEach((key, child) -> copy.put(key, mark(below(path, key), child)));
            return copy;
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<>();
            for (var i = 0; i < list.size(); i++) {
                copy.add(mark(below(path, i), list.get(i)));
            }
            return copy;
        }
        return value;
    }

    private static List<Object> below(List<Object> path, Object key) {
        var longer = new ArrayList<>(path);
        longer.add(key);
        return List.copyOf(longer);
    }
}
