package io.sharedinference.yaml;

import io.sharedinference.yaml.Node.Alias;
import io.sharedinference.yaml.Node.Child;
import io.sharedinference.yaml.Node.Group;
import io.sharedinference.yaml.Node.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/** Edits a text at the positions of its nodes. The caller must verify the result by parsing it. */
record Edit(String text) {

    String set(List<String> path, Object value) {
        var root = NodeReader.read(text);
        if (root.isEmpty() || root.get() instanceof Scalar scalar && scalar.empty()) {
            return new Lines(text).insert(text.length(), Rendering.entry(path.get(0), nested(path, 1, value), ""));
        }
        Node node = root.get();
        Optional<Child> owner = Optional.empty();
        for (int depth = 0; depth < path.size(); depth++) {
            if (hollow(node) && owner.isPresent()) {
                return fill(owner.get(), nested(path, depth, value));
            }
            Group map = map(node);
            var found = found(map, path.get(depth));
            if (found.isEmpty()) {
                return new Insertion(text, map).entry(path.get(depth), nested(path, depth + 1, value));
            }
            owner = found;
            node = found.get().value();
        }
        return replace(path, owner.orElseThrow(), value);
    }

    String remove(List<String> path) {
        Node node = NodeReader.read(text).orElseThrow();
        Optional<Child> owner = Optional.empty();
        for (String key : path.subList(0, path.size() - 1)) {
            owner = Optional.of(found(map(node), key).orElseThrow(() -> merged(key)));
            node = owner.get().value();
        }
        String key = path.get(path.size() - 1);
        var child = found(map(node), key).orElseThrow(() -> merged(key));
        return new Deletion(text, map(node), owner).without(child);
    }

    private static UnsafeEditException merged(String key) {
        return new UnsafeEditException(0, key + " is merged from an anchor");
    }

    private String replace(List<String> path, Child owner, Object value) {
        Node node = owner.value();
        if (hollow(node)) {
            boolean same = node instanceof Group group && value.equals(group.map() ? Map.of() : List.of());
            return same ? text : fill(owner, value);
        }
        if (node instanceof Group group && group.map() && value instanceof Map<?, ?> wanted) {
            return map(path, group, wanted);
        }
        if (node instanceof Group group && !group.map() && value instanceof List<?> wanted) {
            return list(path, owner, group, wanted);
        }
        if (node instanceof Scalar scalar && !scalar.block() && !scalar.decorated()) {
            boolean collection = value instanceof Map || value instanceof List;
            return spliced(node, collection ? Rendering.flow(value) : Rendering.scalar(value, scalar.style()));
        }
        throw unsupported(node);
    }

    /** Applies one difference after the other. */
    private String map(List<String> path, Group group, Map<?, ?> wanted) {
        for (Child child : group.children()) {
            String key = name(child);
            if (!wanted.containsKey(key)) {
                return new Edit(remove(extended(path, key))).set(path, wanted);
            }
        }
        Edit edit = this;
        for (var entry : wanted.entrySet()) {
            edit = new Edit(edit.set(extended(path, String.valueOf(entry.getKey())), entry.getValue()));
        }
        return edit.text();
    }

    private String list(List<String> path, Child owner, Group group, List<?> wanted) {
        var present = (List<?>) Data.at(Data.load(text), path).orElseThrow();
        for (int i = 0; i < present.size(); i++) {
            if (!wanted.contains(present.get(i))) {
                var child = group.children().get(i);
                String less = new Deletion(text, group, Optional.of(owner)).without(child);
                return new Edit(less).set(path, wanted);
            }
        }
        if (wanted.size() <= group.children().size()) {
            return text;
        }
        Object next = wanted.get(group.children().size());
        return new Edit(new Insertion(text, group).item(next)).set(path, wanted);
    }

    private String fill(Child owner, Object value) {
        Node node = owner.value();
        if (node.decorated() || text.substring(node.start(), node.end()).contains("#")) {
            throw unsupported(node);
        }
        return spliced(node, Rendering.flow(value));
    }

    private String spliced(Node node, String written) {
        boolean joined = node.start() == node.end() && text.charAt(node.start() - 1) == ':';
        return text.substring(0, node.start()) + (joined ? " " : "") + written + text.substring(node.end());
    }

    private static boolean hollow(Node node) {
        return node instanceof Scalar scalar && scalar.empty()
                || node instanceof Group group && group.children().isEmpty();
    }

    private static Group map(Node node) {
        if (node instanceof Group group && group.map()) {
            return group;
        }
        throw unsupported(node);
    }

    private static Optional<Child> found(Group map, String key) {
        return map.children().stream().filter(child -> child.is(key)).findFirst();
    }

    private static UnsafeEditException unsupported(Node node) {
        String what =
                node instanceof Alias ? "an alias" : node.decorated() ? "an anchor or a tag" : "another kind of value";
        return new UnsafeEditException(node.start(), "its value is " + what);
    }

    private static String name(Child child) {
        if (child.key().orElseThrow() instanceof Scalar scalar) {
            return scalar.value();
        }
        throw unsupported(child.key().get());
    }

    private static List<String> extended(List<String> path, String key) {
        return Stream.concat(path.stream(), Stream.of(key)).toList();
    }

    /** The value, nested in maps with the path's keys from this depth. */
    private static Object nested(List<String> path, int depth, Object value) {
        return depth == path.size() ? value : Map.of(path.get(depth), nested(path, depth + 1, value));
    }

    static ScalarStyle style(Group group) {
        return group.children().isEmpty()
                        || !(group.children().get(group.children().size() - 1).value() instanceof Scalar last)
                ? ScalarStyle.PLAIN
                : last.style();
    }
}
