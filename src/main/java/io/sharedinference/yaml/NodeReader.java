package io.sharedinference.yaml;

import io.sharedinference.yaml.Node.Alias;
import io.sharedinference.yaml.Node.Child;
import io.sharedinference.yaml.Node.Group;
import io.sharedinference.yaml.Node.Scalar;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/** Reads nodes from the parser's events, since composed nodes do not contain the positions of aliases. */
final class NodeReader {

    private static final Pattern BEFORE_DASH = Pattern.compile("(\\s++|#[^\\r\\n]*+|[&!]\\S*+)*+");

    private final String text;
    private final boolean astral;
    private final Iterator<Event> events;

    private NodeReader(String text) {
        this.text = text;
        this.astral = text.codePointCount(0, text.length()) < text.length();
        this.events = new Yaml().parse(new StringReader(text)).iterator();
    }

    /**
     * The root of the document; empty for a text without content.
     *
     * @throws YAMLException if it is not valid YAML or has more than one document
     */
    static Optional<Node> read(String text) {
        var reader = new NodeReader(text);
        var roots = new ArrayList<Node>();
        while (reader.events.hasNext()) {
            if (reader.events.next().is(Event.ID.DocumentStart)) {
                roots.add(reader.node(reader.events.next()));
            }
        }
        if (roots.size() > 1) {
            throw new YAMLException("the file has more than one YAML document");
        }
        return roots.stream().findFirst();
    }

    private Node node(Event event) {
        int start = index(event.getStartMark());
        if (event instanceof ScalarEvent scalar) {
            boolean decorated = scalar.getAnchor() != null || scalar.getTag() != null;
            int end = index(scalar.getEndMark());
            var node = new Scalar(start, end, decorated, scalar.getValue(), scalar.getScalarStyle());
            return node.block() ? new Scalar(start, trimmed(start, end), decorated, node.value(), node.style()) : node;
        }
        if (event instanceof AliasEvent) {
            return new Alias(start, index(event.getEndMark()));
        }
        return group((CollectionStartEvent) event, start);
    }

    private Group group(CollectionStartEvent event, int start) {
        boolean map = event instanceof MappingStartEvent;
        List<Child> children = new ArrayList<>();
        int end = start;
        Event next = events.next();
        while (!next.is(map ? Event.ID.MappingEnd : Event.ID.SequenceEnd)) {
            var first = node(next);
            var child = map
                    ? new Child(first.start(), Optional.of(first), node(events.next()))
                    : new Child(event.isFlow() ? first.start() : dash(end), Optional.empty(), first);
            children.add(child);
            end = child.end();
            next = events.next();
        }
        boolean decorated = event.getAnchor() != null || event.getTag() != null;
        // a block collection's mark comes after the comments that follow it
        return new Group(
                start, event.isFlow() ? index(next.getEndMark()) : end, decorated, event.isFlow(), map, children);
    }

    /** Index of the next item's dash, which only space, comments and the list's anchor or tag precede. */
    private int dash(int from) {
        var before = BEFORE_DASH.matcher(text).region(from, text.length());
        return before.lookingAt() ? before.end() : from;
    }

    private int trimmed(int start, int end) {
        int i = end;
        while (i > start && Character.isWhitespace(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private int index(Mark mark) {
        return astral ? text.offsetByCodePoints(0, mark.getIndex()) : mark.getIndex();
    }
}
