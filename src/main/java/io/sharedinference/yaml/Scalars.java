package io.sharedinference.yaml;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The value of a scalar, as {@code resolve.go} of the library determines it. */
final class Scalars {

    /** Tag of plain scalars without an explicit tag. */
    static final Tag PLAIN = new Tag("plain");

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Map<String, Boolean> BOOLEANS =
            booleans(Stream.of("true", "True", "TRUE"), Stream.of("false", "False", "FALSE"));
    private static final Map<String, Boolean> MORE_BOOLEANS = booleans(
            Stream.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"),
            Stream.of("n", "N", "no", "No", "NO", "off", "Off", "OFF"));
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
    private static final Pattern INTEGER =
            Pattern.compile("[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)");
    private static final Pattern SIGN_AFTER_PREFIX = Pattern.compile("0(b)([-+])([01]+)");
    private static final Pattern SIGN_AFTER_ANY_PREFIX = Pattern.compile("0([bo])([-+])([0-7]+)");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
    private static final BigInteger SMALLEST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger LARGEST_UNSIGNED =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final YamlDialect dialect;

    Scalars(YamlDialect dialect) {
        this.dialect = dialect;
    }

    private static Map<String, Boolean> booleans(Stream<String> truths, Stream<String> others) {
        return Stream.concat(truths.map(text -> Map.entry(text, true)), others.map(text -> Map.entry(text, false)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** A string, boolean or number; empty for a null. */
    Optional<Object> value(ScalarNode node) {
        var tag = node.getTag();
        var text = node.getValue();
        if (tag.equals(PLAIN)) {
            return plain(node);
        }
        if (tag.equals(Tag.BINARY)) {
            return Optional.of(decoded(node));
        }
        if (tag.equals(Tag.NULL)) {
            return taggedNull(node);
        }
        if (tag.equals(Tag.TIMESTAMP)) {
            return Optional.of(timestamp(text).orElseThrow(() -> not("a timestamp", node)));
        }
        if (tag.equals(Tag.BOOL)) {
            return Optional.of(truth(text).orElseThrow(() -> not("a boolean", node)));
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return Optional.of(taggedNumber(node));
        }
        return Optional.of(text);
    }

    private static Optional<Object> taggedNull(ScalarNode node) {
        if (NULLS.contains(node.getValue())) {
            return Optional.empty();
        }
        throw not("null", node);
    }

    private Number taggedNumber(ScalarNode node) {
        var number = number(node.getValue());
        return node.getTag().equals(Tag.INT)
                ? number.filter(found -> !(found instanceof Double)).orElseThrow(() -> not("an integer", node))
                : number.filter(found -> !(found instanceof BigInteger))
                        .map(Number::doubleValue)
                        .orElseThrow(() -> not("a float", node));
    }

    private Optional<Object> plain(ScalarNode node) {
        var text = node.getValue();
        if (NULLS.contains(text)) {
            return Optional.empty();
        }
        if (NOT_FINITE.matcher(text).matches()) {
            throw not("a number in JSON", node);
        }
        return truth(text)
                .<Object>map(truth -> truth)
                .or(() -> timestamp(text))
                .or(() -> number(text))
                .or(() -> Optional.of(text));
    }

    private Optional<Boolean> truth(String text) {
        return Optional.ofNullable(BOOLEANS.get(text))
                .or(() ->
                        dialect == YamlDialect.HELM ? Optional.ofNullable(MORE_BOOLEANS.get(text)) : Optional.empty());
    }

    private Optional<String> timestamp(String text) {
        return Timestamps.parse(text).map(printed -> dialect == YamlDialect.HELM ? text : printed);
    }

    /** An Integer, a Long or BigInteger above that, or a Double. */
    private Optional<Number> number(String text) {
        if (!text.matches("[-+.0-9].*")) {
            return Optional.empty();
        }
        var digits = text.startsWith(".") ? text : text.replace("_", "");
        return integer(digits).or(() -> FLOAT.matcher(digits).matches() ? real(digits) : Optional.empty());
    }

    private Optional<Number> integer(String digits) {
        var signed = (dialect == YamlDialect.HELM ? SIGN_AFTER_PREFIX : SIGN_AFTER_ANY_PREFIX).matcher(digits);
        if (signed.matches()) { // the libraries parse what follows the prefix separately
            return integer(signed.group(2) + "0" + signed.group(1) + signed.group(3));
        }
        if (!INTEGER.matcher(digits).matches()) {
            return Optional.empty();
        }
        var value = parsed(digits);
        if (value.compareTo(SMALLEST) >= 0 && value.compareTo(LARGEST) <= 0) {
            return Optional.of(
                    value.bitLength() < Integer.SIZE ? (Number) value.intValue() : (Number) value.longValue());
        }
        return Optional.<Number>of(value)
                .filter(large -> Character.isDigit(digits.charAt(0)) && value.compareTo(LARGEST_UNSIGNED) <= 0);
    }

    private static BigInteger parsed(String digits) {
        var sign = digits.startsWith("-") ? "-" : "";
        var bare = digits.replaceFirst("^[-+]", "").toLowerCase(Locale.ROOT);
        int radix = bare.startsWith("0x") ? 16 : bare.startsWith("0b") ? 2 : bare.startsWith("0") ? 8 : 10;
        return new BigInteger(sign + "0" + bare.replaceFirst("^0[xbo]", ""), radix);
    }

    /** Too large a number is none. */
    private static Optional<Number> real(String digits) {
        double value = Double.parseDouble(digits);
        return Double.isInfinite(value) ? Optional.empty() : Optional.of(value == 0 ? 0.0 : value); // no -0.0
    }

    private static String decoded(ScalarNode node) {
        try {
            var encoded = node.getValue().replaceAll("[\r\n]", "");
            if (encoded.length() % 4 != 0) { // Java's decoder does not require padding
                throw not("base64", node);
            }
            return string(ByteBuffer.wrap(Base64.getDecoder().decode(encoded)));
        } catch (IllegalArgumentException e) {
            throw not("base64", node);
        }
    }

    /** As encoding/json writes it: U+FFFD for each byte that is not UTF-8. */
    private static String string(ByteBuffer bytes) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var characters = CharBuffer.allocate(bytes.remaining());
        var result = decoder.decode(bytes, characters, true);
        while (result.isMalformed()) {
            bytes.position(bytes.position() + result.length());
            characters.put("\uFFFD".repeat(result.length()));
            result = decoder.decode(bytes, characters, true);
        }
        return characters.flip().toString();
    }

    private static MarkedYAMLException not(String what, ScalarNode node) {
        return refused("the value is not " + what, node.getStartMark());
    }

    /** The message does not quote the text, which may be a secret. */
    static MarkedYAMLException refused(String problem, Mark mark) {
        return new MarkedYAMLException(null, null, problem, mark) {};
    }
}
