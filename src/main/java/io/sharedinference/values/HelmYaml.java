package io.sharedinference.values;

import java.math.BigInteger;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.Construct;
import org.yaml.snakeyaml.constructor.ConstructorException;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML as Helm's Go library reads it: truth values of YAML 1.1 with {@code y} and {@code n}, octal with a leading zero,
 * dates and base-60 numbers as texts. Readers aren't thread-safe.
 */
public final class HelmYaml {

    private static final int LARGEST_MANIFEST = 64 * 1024 * 1024; // in characters

    private static final Pattern BOOLEAN =
            Pattern.compile("y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF");
    private static final Pattern TRUE = Pattern.compile("(?i)y|yes|true|on");
    private static final Pattern INTEGER =
            Pattern.compile("[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0[0-7_]*|[1-9][0-9_]*)");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(?:\\.[0-9][0-9_]*|[0-9][0-9_]*(?:\\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL| ");
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

    private HelmYaml() {}

    /** Of values: duplicate keys, which Helm would silently resolve, are refused, and numbers are as Helm's templates get them. */
    static Yaml values() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return reader(
                options,
                number ->
                        number.bitLength() < Integer.SIZE ? (Number) number.intValue() : (Number) number.doubleValue());
    }

    /** Of what charts make, for the API server: whole numbers stay whole. */
    public static Yaml manifests() {
        var options = new LoaderOptions();
        options.setCodePointLimit(LARGEST_MANIFEST);
        return reader(options, number -> number.bitLength() < Integer.SIZE ? (Number) number.intValue() : number);
    }

    private static Yaml reader(LoaderOptions options, Function<BigInteger, Number> whole) {
        options.setMaxAliasesForCollections(1000);
        var dumper = new DumperOptions();
        return new Yaml(new Types(options, whole), new Representer(dumper), dumper, options, new Scalars());
    }

    private static final class Scalars extends Resolver {

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOLEAN, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, INTEGER, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, DECIMAL, "-+0123456789.");
            addImplicitResolver(Tag.FLOAT, NOT_FINITE, "-+.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }

    private static final class Types extends SafeConstructor {

        Types(LoaderOptions options, Function<BigInteger, Number> whole) {
            super(options);
            yamlConstructors.put(
                    Tag.BOOL, scalar(node -> TRUE.matcher(node.getValue()).matches()));
            yamlConstructors.put(Tag.INT, scalar(node -> number(node, whole)));
            yamlConstructors.put(Tag.FLOAT, scalar(node -> number(node, whole)));
            yamlConstructors.put(Tag.TIMESTAMP, scalar(ScalarNode::getValue));
        }

        private static Construct scalar(Function<ScalarNode, Object> parse) {
            return new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    return parse.apply((ScalarNode) node);
                }
            };
        }
    }

    private static Number number(ScalarNode node, Function<BigInteger, Number> whole) {
        var text = node.getValue().replace("_", "");
        if (INTEGER.matcher(text).matches()) {
            return whole.apply(integer(text));
        }
        if (!DECIMAL.matcher(text).matches()) {
            throw new ConstructorException(null, null, "a number that JSON doesn't know", node.getStartMark()) {};
        }
        return Double.valueOf(text);
    }

    private static BigInteger integer(String text) {
        var sign = text.startsWith("-") ? "-" : "";
        var digits = text.replaceFirst("^[-+]", "").toLowerCase(Locale.ROOT);
        var radix = digits.startsWith("0x") ? 16 : digits.startsWith("0b") ? 2 : digits.startsWith("0") ? 8 : 10;
        return new BigInteger(sign + "0" + digits.replaceFirst("^0[xbo]", ""), radix);
    }
}
