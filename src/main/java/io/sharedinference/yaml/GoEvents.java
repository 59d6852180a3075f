package io.sharedinference.yaml;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;

/** Adapts the parser's events to those of Go's parsers. */
final class GoEvents implements Parser {

    private static final ImplicitTuple PLAIN = new ImplicitTuple(true, false);
    private static final ImplicitTuple STRING = new ImplicitTuple(false, true);
    private static final Pattern ANCHOR = Pattern.compile("[0-9A-Za-z_-]+");
    private static final Pattern ESCAPED_SURROGATE = Pattern.compile("\\\\[uU](?:0000)?[dD][89a-fA-F]");

    private final Parser parser;
    private final String text;
    private final YamlDialect dialect;
    private final boolean escapesSurrogates;

    GoEvents(Parser parser, String text, YamlDialect dialect) {
        this.parser = parser;
        this.text = text;
        this.dialect = dialect;
        this.escapesSurrogates = ESCAPED_SURROGATE.matcher(text).find();
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public Event getEvent() {
        var event = parser.getEvent();
        if (event instanceof NodeEvent node
                && node.getAnchor() != null
                && !ANCHOR.matcher(node.getAnchor()).matches()) {
            throw Scalars.refused("an anchor's name has letters, digits, - and _ only", event.getStartMark());
        }
        return event instanceof ScalarEvent scalar ? scalar(scalar) : event;
    }

    private ScalarEvent scalar(ScalarEvent scalar) {
        if (escapesSurrogates
                && scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED
                && ESCAPED_SURROGATE.matcher(written(scalar)).find()) {
            throw Scalars.refused("invalid Unicode character escape code", scalar.getStartMark());
        }
        return "!".equals(scalar.getTag())
                ? new ScalarEvent(
                        scalar.getAnchor(),
                        null,
                        isString(scalar) ? STRING : PLAIN,
                        scalar.getValue(),
                        scalar.getStartMark(),
                        scalar.getEndMark(),
                        scalar.getScalarStyle())
                : scalar;
    }

    /** The tag {@code !} makes a string in one dialect, and has no effect in the other. */
    private boolean isString(ScalarEvent scalar) {
        return dialect == YamlDialect.HELM || !scalar.isPlain();
    }

    /** Marks count code points. */
    private String written(ScalarEvent scalar) {
        int start = text.offsetByCodePoints(0, scalar.getStartMark().getIndex());
        return text.substring(
                start, text.offsetByCodePoints(0, scalar.getEndMark().getIndex()));
    }
}
