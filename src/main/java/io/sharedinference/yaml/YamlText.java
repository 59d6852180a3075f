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
 * A YAML file's text. An edit changes the lines of what is edited and no others: comments, order, quotes, and ends of lines
 * stay. Each edit is checked by reading the text again: an edit that would change anything else is not made.
 *
 * @param file named in errors
 */
public record YamlText(Path file, String text) {

    static YamlText of(Path file, String text) {
        return new YamlText(file, text);
    }

    /** Strings, numbers, booleans, lists, and maps; empty when there is none, or it is null. */
    public Optional<Object> value(List<String> path) {
        try {
            return Data.at(Data.load(text), path);
        } catch (YAMLException e) {
            throw refused("cannot be read: " + reason(e), "write it as one YAML document with a map at its top");
        }
    }

    /** Lists and maps keep what they have in common with the present ones. */
    public YamlText set(List<String> path, Object value) {
        return edited(
                new Edit(text)::set,
                path,
                value,
                data -> Data.set(data, path, value),
                "set " + name(path) + " to " + Rendering.flow(value));
    }

    /** Nothing happens when the list has it already. */
    public YamlText append(List<String> path, String item) {
        var items = items(path);
        if (items.contains(item)) {
            return this;
        }
        items.add(item);
        return edited(
                new Edit(text)::set,
                path,
                items,
                data -> Data.set(data, path, items),
                "add " + item + " to " + name(path));
    }

    /** Nothing happens when the list does not have it. */
    public YamlText removeItem(List<String> path, String item) {
        var items = items(path);
        if (!items.removeIf(one -> String.valueOf(one).equals(item))) { // 123 and true have been written without quotes
            return this;
        }
        return edited(
                new Edit(text)::set,
                path,
                items,
                data -> Data.set(data, path, items),
                "take " + item + " out of " + name(path));
    }

    /** Removes a key; nothing happens when there is none. */
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

    private List<Object> items(List<String> path) {
        Object value = value(path).orElse(List.of());
        if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw refused(name(path) + " is not a list", "write it as a list");
    }

    private YamlText edited(
            Change change, List<String> path, Object value, UnaryOperator<Object> expected, String byHand) {
        value(List.of()); // YAML, or else refused
        try {
            String after = change.apply(path, value);
            if (!expected.apply(Data.load(text)).equals(Data.load(after))) {
                throw new UnsafeEditException(0, "the edit would change other values");
            }
            return new YamlText(file, after);
        } catch (UnsafeEditException e) {
            int line = new Lines(text).number(e.index());
            throw new StackFileException(file + ":" + line + ": " + name(path) + " cannot be edited, and nothing was"
                    + " touched: " + e.getMessage() + ".\nFix: " + byHand + " in that file by hand.");
        } catch (YAMLException e) {
            throw refused(name(path) + " cannot be edited, and nothing was touched: " + reason(e), byHand);
        }
    }

    private StackFileException refused(String what, String fix) {
        return new StackFileException(file + ": " + what + ".\nFix: " + fix + " in that file by hand.");
    }

    /** Without the text that the parser quotes. */
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
