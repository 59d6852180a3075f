package io.sharedinference.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.scanner.ScannerImpl;

/**
 * Parses YAML as a Go program does that converts it to JSON. Values are maps with string keys, lists, strings, booleans,
 * nulls, and numbers: Integer, Long or BigInteger by size, or Double. Thread-safe.
 *
 * <p>Every method throws {@link org.yaml.snakeyaml.error.YAMLException} for what that program rejects. Its message has
 * positions, but does not quote values.
 */
public final class YamlReader {

    private static final Pattern VERSION = Pattern.compile("\\uFEFF?(?:(?:#.*|%TAG.*)?\\R)*%YAML\\s+(\\S+)");
    private static final int MAX_LENGTH = 64 * 1024 * 1024; // in characters
    private static final int MAX_DEPTH = 1000;
    private static final int MAX_NODES = 10_000_000; // each use of an alias counts

    private final YamlDialect dialect;
    private final Scalars scalars;
    private final LoaderOptions options = new LoaderOptions();

    public YamlReader(YamlDialect dialect) {
        this.dialect = dialect;
        this.scalars = new Scalars(dialect);
        options.setCodePointLimit(MAX_LENGTH);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    }

    /** The first document, as Go's libraries read it without the following ones; empty if it is missing or null. */
    public Optional<Object> first(String text) {
        var composer = composer(text);
        return composer.checkNode() ? new Document().value(composer.getNode()) : Optional.empty();
    }

    /** All documents; those without content or with null are empty. */
    public List<Optional<Object>> all(String text) {
        var composer = composer(text);
        var documents = new ArrayList<Optional<Object>>();
        while (composer.checkNode()) {
            documents.add(new Document().value(composer.getNode()));
        }
        return documents;
    }

    private Composer composer(String text) {
        requireSupportedVersion(text);
        var stream = new StreamReader(new StringReader(text));
        var tokens = new GoTokens(new ScannerImpl(stream, options), text);
        return new Composer(new GoEvents(new ParserImpl(tokens), text, dialect), new Untyped(), options);
    }

    /** The parser treats every version as 1.1. */
    private void requireSupportedVersion(String text) {
        var version = VERSION.matcher(text);
        if (version.lookingAt()
                && !(dialect == YamlDialect.HELM ? Set.of("1.1") : Set.of("1.1", "1.2")).contains(version.group(1))) {
            throw new YAMLException("version " + version.group(1) + " of YAML is not supported");
        }
    }

    /** Leaves the types of scalars to {@link Scalars}. */
    private static final class Untyped extends Resolver {

        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            return kind == NodeId.scalar ? implicit ? Scalars.PLAIN : Tag.STR : super.resolve(kind, value, implicit);
        }
    }

    /** The values of a document. */
    private final class Document {

        private final Set<Node> parents = Collections.newSetFromMap(new IdentityHashMap<>());
        private int nodes;

        Optional<Object> value(Node node) {
            if (++nodes > MAX_NODES) {
                throw Scalars.refused("the document has too many aliases", node.getStartMark());
            }
            if (node instanceof ScalarNode scalar) {
                return scalars.value(scalar);
            }
            if (!parents.add(node)) {
                throw Scalars.refused("an anchor contains itself", node.getStartMark());
            }
            Object value = node instanceof MappingNode map ? map(map) : list((SequenceNode) node);
            parents.remove(node);
            return Optional.of(value);
        }

        private List<Object> list(SequenceNode node) {
            var list = new ArrayList<Object>();
            node.getValue().forEach(child -> list.add(value(child).orElse(null)));
            return list;
        }

        private Map<String, Object> map(MappingNode node) {
            var map = new LinkedHashMap<String, Object>();
            if (dialect == YamlDialect.HELM) {
                addInOrder(node, map);
            } else {
                requireUniqueKeys(node);
                addThenMerge(node, map);
            }
            return map;
        }

        /** Later entries take precedence, whether merged or not. */
        private void addInOrder(MappingNode node, Map<String, Object> map) {
            for (NodeTuple entry : node.getValue()) {
                if (isMerge(entry.getKeyNode())) {
                    var merged = merged(entry.getValueNode());
                    Collections.reverse(merged);
                    merged.forEach(each -> addInOrder(each, map));
                } else {
                    map.put(key(entry.getKeyNode()), value(entry.getValueNode()).orElse(null));
                }
            }
        }

        /** A map's own entries take precedence over merged ones. */
        private void addThenMerge(MappingNode node, Map<String, Object> map) {
            for (NodeTuple entry : node.getValue()) {
                if (!isMerge(entry.getKeyNode())) {
                    var key = key(entry.getKeyNode());
                    var value = value(entry.getValueNode()).orElse(null);
                    if (!map.containsKey(key)) {
                        map.put(key, value);
                    }
                }
            }
            node.getValue().stream()
                    .filter(entry -> isMerge(entry.getKeyNode()))
                    .flatMap(entry -> merged(entry.getValueNode()).stream())
                    .forEach(each -> {
                        requireUniqueKeys(each);
                        addThenMerge(each, map);
                    });
        }

        private List<MappingNode> merged(Node node) {
            var maps = new ArrayList<MappingNode>();
            for (Node each : node instanceof SequenceNode list ? list.getValue() : List.of(node)) {
                if (!(each instanceof MappingNode map)) {
                    throw Scalars.refused("map merge requires a map or a list of maps", each.getStartMark());
                }
                maps.add(map);
            }
            return maps;
        }

        private boolean isMerge(Node key) {
            return key instanceof ScalarNode scalar
                    && scalar.getValue().equals("<<")
                    && (scalar.getTag().equals(Scalars.PLAIN) || scalar.getTag().equals(Tag.MERGE));
        }

        private void requireUniqueKeys(MappingNode node) {
            var seen = new HashSet<String>();
            for (NodeTuple entry : node.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key && !seen.add(key.getValue())) {
                    throw Scalars.refused("the key " + key.getValue() + " is already defined", key.getStartMark());
                }
            }
        }

        private String key(Node node) {
            var key = node instanceof ScalarNode scalar ? scalars.value(scalar) : Optional.empty();
            return key.flatMap(value -> value instanceof String text ? Optional.of(text) : GoText.key(value, dialect))
                    .orElseThrow(() -> Scalars.refused("the key is not a string", node.getStartMark()));
        }
    }
}
