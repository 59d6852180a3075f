package io.sharedinference.yaml;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.function.Predicate;

/** Formats values as Go does. */
public final class GoText {

    private static final double SMALLEST_PLAIN = 1e-6;
    private static final double LARGEST_PLAIN = 1e21;
    private static final int SMALLEST_EXPONENT = -4; // of %g
    private static final int LARGEST_EXPONENT = 5;

    private GoText() {}

    /** A number as encoding/json writes it. */
    public static String json(Number number) {
        if (!(number instanceof Double real)) {
            return number.toString();
        }
        if (real == 0) {
            return 1 / real < 0 ? "-0" : "0";
        }
        double size = Math.abs(real);
        var value = shortest(real, candidate -> candidate.doubleValue() == real);
        return size >= SMALLEST_PLAIN && size < LARGEST_PLAIN
                ? value.toPlainString()
                : scientific(value).replaceFirst("e-0", "e-");
    }

    /** A key that is not a string; empty if the library rejects it. */
    static Optional<String> key(Object value, YamlDialect dialect) {
        if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            return Optional.of(value.toString());
        }
        if (value instanceof Double real) {
            return Optional.of(dialect == YamlDialect.HELM ? general(real.floatValue()) : general(real));
        }
        return Optional.of(value.toString()).filter(any -> dialect == YamlDialect.PULUMI);
    }

    private static String general(float real) {
        return Float.isInfinite(real)
                ? real > 0 ? ".inf" : "-.inf"
                : real == 0 ? "0" : general(shortest(real, candidate -> candidate.floatValue() == real));
    }

    private static String general(double real) {
        return real == 0 ? "0" : general(shortest(real, candidate -> candidate.doubleValue() == real));
    }

    /** {@code %g} */
    private static String general(BigDecimal value) {
        int exponent = value.precision() - value.scale() - 1;
        return exponent < SMALLEST_EXPONENT || exponent > LARGEST_EXPONENT ? scientific(value) : value.toPlainString();
    }

    /** The shortest digits that parse to the same number; before JDK 19, Double.toString may return one more. */
    private static BigDecimal shortest(double real, Predicate<BigDecimal> same) {
        var exact = new BigDecimal(real);
        int digits = 1;
        while (!same.test(exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)))) {
            digits++;
        }
        return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    private static String scientific(BigDecimal value) {
        var digits = value.unscaledValue().abs().toString();
        int exponent = value.precision() - value.scale() - 1;
        return (value.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
