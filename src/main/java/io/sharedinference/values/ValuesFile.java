package io.sharedinference.values;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** One values file of a user. */
final class ValuesFile {

    private ValuesFile() {}

    static Values read(Path file) throws ValuesException {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ValuesException("doesn't exist");
        } catch (CharacterCodingException e) {
            throw new ValuesException("isn't UTF-8 text");
        } catch (IOException e) {
            throw new ValuesException("can't be read: " + e.getClass().getSimpleName());
        }
    }

    static Values parse(String text) throws ValuesException {
        try {
            var documents = HelmYaml.values().loadAll(text).iterator();
            var first = documents.hasNext() ? documents.next() : null;
            if (documents.hasNext()) {
                throw new ValuesException("holds more than one YAML document");
            }
            if (first != null && !(first instanceof Map<?, ?>)) {
                throw new ValuesException("must hold keys and values at its top, but holds a "
                        + (first instanceof List ? "list" : "single value"));
            }
            return first == null ? Values.EMPTY : new Values(map((Map<?, ?>) first, new IdentityHashMap<>()));
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw new ValuesException("isn't YAML that Helm reads: line " + (mark.getLine() + 1) + ", column "
                    + (mark.getColumn() + 1) + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new ValuesException("isn't YAML that Helm reads: " + e.getMessage());
        }
    }

    private static Map<String, Object> map(Map<?, ?> map, IdentityHashMap<Object, Object> parents)
            throws ValuesException {
        var copy = new LinkedHashMap<String, Object>();
        for (var entry : map.entrySet()) {
            copy.put(key(entry.getKey()), value(entry.getValue(), parents));
        }
        return copy;
    }

    /** JSON has texts for keys, and Helm goes through JSON. */
    private static String key(Object key) throws ValuesException {
        if (key instanceof String || key instanceof Number || key instanceof Boolean) {
            return key.toString();
        }
        throw new ValuesException("has a key that is no text: " + key);
    }

    private static Object value(Object value, IdentityHashMap<Object, Object> parents) throws ValuesException {
        if (!(value instanceof Map<?, ?>) && !(value instanceof List<?>)) {
            return scalar(value);
        }
        if (parents.put(value, value) != null) {
            throw new ValuesException("has an anchor that contains itself");
        }
        var copy = value instanceof Map<?, ?> map ? map(map, parents) : list((List<?>) value, parents);
        parents.remove(value);
        return copy;
    }

    private static List<Object> list(List<?> list, IdentityHashMap<Object, Object> parents) throws ValuesException {
        var copy = new ArrayList<Object>();
        for (var child : list) {
            copy.add(value(child, parents));
        }
        return copy;
    }

    private static Object scalar(Object value) throws ValuesException {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        throw new ValuesException("has a value of a type that Helm doesn't know: "
                + value.getClass().getSimpleName());
    }
}
