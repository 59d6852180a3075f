package io.sharedinference.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The text of a YAML file. An edit changes only the lines of the edited entry, and keeps comments, order, quotes and line
 * breaks. Each edit is verified by parsing the text again; an edit that would change anything else is rejected.
 *
 * @param file named in errors
 */
public record YamlText(Path file, String text) {

    static YamlText of(Path file, String text) {
        return new YamlText(file, text);
    }

    /** A string, number, boolean, list or map; empty if the path does not exist or is null. */
    public Optional<Object> value(List<String> path) {
        try {
            return Data.at(Data.load(text), path);
        } catch (YAMLException e) {
            throw refused("cannot parse the file: " + reason(e), "write one YAML document with a map at its top level");
        }
    }

    /** Sets a value. Unchanged entries of lists and maps keep their form and comments. */
    public YamlText set(List<String> path, Object value) {
        return set(path, value, "set " + name(path) + " to " + Rendering.flow(value));
    }

    /** Appends to a list that does not contain the item yet. */
    public YamlText append(List<String> path, String item) {
        var items = items(path);
        if (items.contains(item)) {
            return this;
        }
        items.add(item);
        return set(path, items, "add " + item + " to " + name(path));
    }

    /** Removes an item from a list, if it contains it. */
    public YamlText removeItem(List<String> path, String item) {
        var items = items(path);
        if (!items.removeIf(one -> String.valueOf(one).equals(item))) { // 123 and true may be unquoted
            return this;
        }
        return set(path, items, "remove " + item + " from " + name(path));
    }

    /** Removes a key, if it exists. */
    public YamlText remove(List<String> path) {
        if (!Data.has(value(List.of()).orElse(Map.of()), path)) {
            return this;
        }
        return edited(
                (at, nothing) -> new Edit(text).remove(at),
                path,
                "",
                data -> Data.remove(data, path),
                "remove " + name(path));
    }

    private YamlText set(List<String> path, Object value, String manually) {
        return edited(new Edit(text)::set, path, value, data -> Data.set(data, path, value), manually);
    }

    private List<Object> items(List<String> path) {
        Object value = value(path).orElse(List.of());
        if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw refused(name(path) + " is not a list", "write it as a list");
    }

    private YamlText edited(
            Change change, List<String> path, Object value, UnaryOperator<Object> expected, String manually) {
        value(List.of()); // rejects invalid YAML
        try {
            String after = change.apply(path, value);
            if (!expected.apply(Data.load(text)).equals(Data.load(after))) {
                throw new UnsafeEditException(0, "the edit would change other values");
            }
            return new YamlText(file, after);
        } catch (UnsafeEditException e) {
            int line = new Lines(text).number(e.index());
            throw new StackFileException(file + ":" + line + ": cannot edit " + name(path) + ": " + e.getMessage()
                    + ". The file is unchanged.\nFix: " + manually + " in that file manually.");
        } catch (YAMLException e) {
            throw refused("cannot edit " + name(path) + ": " + reason(e) + ". The file is unchanged", manually);
        }
    }

    private StackFileException refused(String what, String fix) {
        return new StackFileException(file + ": " + what + ".\nFix: " + fix + " in that file manually.");
    }

    /** The parser's message, without the text that it quotes. */
    private static String reason(YAMLException e) {
        return e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
                ? marked.getProblem() + " in line " + (marked.getProblemMark().getLine() + 1)
                : String.valueOf(e.getMessage());
    }

    private static String name(List<String> path) {
        return String.join(" > ", path);
    }

    private interface Change {

        String apply(List<String> path, Object value);
    }
}
