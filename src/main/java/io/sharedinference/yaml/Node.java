package io.sharedinference.yaml;

import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/** A node of a YAML document and the range of its text, without surrounding space and comments. */
sealed interface Node {

    int start();

    int end();

    /** Whether it has an anchor or a tag. */
    boolean decorated();

    record Scalar(int start, int end, boolean decorated, String value, ScalarStyle style) implements Node {

        boolean empty() {
            return style == ScalarStyle.PLAIN && (value.isEmpty() || value.equals("~") || value.equals("null"));
        }

        boolean block() {
            return style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
        }
    }

    record Alias(int start, int end) implements Node {

        @Override
        public boolean decorated() {
            return false;
        }
    }

    /** A list or a map, in block or flow style. */
    record Group(int start, int end, boolean decorated, boolean flow, boolean map, List<Child> children)
            implements Node {}

    /**
     * An item of a list or an entry of a map.
     *
     * @param start of its dash or key
     * @param key   empty for an item
     */
    record Child(int start, Optional<Node> key, Node value) {

        int end() {
            return Math.max(value.end(), key.map(Node::end).orElse(0));
        }

        /** Whether it is the entry with this key. */
        boolean is(String name) {
            return key.isPresent()
                    && key.get() instanceof Scalar scalar
                    && scalar.value().equals(name);
        }
    }
}
