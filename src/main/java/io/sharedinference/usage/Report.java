package io.sharedinference.usage;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Usage by some dimensions.
 *
 * @param rows the most tokens first
 */
public record Report(List<Dimension> by, List<Row> rows, Amount total) {

    /** @param share of all tokens, in percent with two decimals; all rows add up to 100 */
    public record Row(List<String> names, Amount amount, BigDecimal share) {}

    private static final long WHOLE = 10_000; // hundredths of a percent

    static Report of(List<Dimension> by, List<Entry> entries) {
        Map<List<String>, Amount> sums = new HashMap<>();
        entries.forEach(entry -> sums.merge(by.stream().map(entry::name).toList(), entry.total(), Amount::plus));
        var sorted = sums.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<List<String>, Amount> sum) ->
                                -sum.getValue().tokens())
                        .thenComparing(sum -> -sum.getValue().requests())
                        .thenComparing(sum -> String.join("\0", sum.getKey())))
                .toList();
        var shares = shares(sorted.stream().map(sum -> sum.getValue().tokens()).toList());
        var rows = IntStream.range(0, sorted.size())
                .mapToObj(row -> new Row(
                        sorted.get(row).getKey(), sorted.get(row).getValue(), BigDecimal.valueOf(shares[row], 2)))
                .toList();
        return new Report(List.copyOf(by), rows, sums.values().stream().reduce(Amount.ZERO, Amount::plus));
    }

    /** By largest remainder, so that the rounded shares add up. */
    static long[] shares(List<Long> parts) {
        long total = parts.stream().mapToLong(Long::longValue).sum();
        var shares = new long[parts.size()];
        if (total == 0) {
            return shares;
        }
        var remainders = new ArrayList<Integer>();
        long rest = WHOLE;
        var exact = parts.stream()
                .map(part -> BigDecimal.valueOf(part).multiply(BigDecimal.valueOf(WHOLE)))
                .map(part -> part.divideAndRemainder(BigDecimal.valueOf(total)))
                .toList();
        for (int part = 0; part < shares.length; part++) {
            shares[part] = exact.get(part)[0].longValueExact();
            rest -= shares[part];
            remainders.add(part);
        }
        remainders.sort(
                Comparator.comparing((Integer part) -> exact.get(part)[1]).reversed());
        remainders.subList(0, Math.toIntExact(rest)).forEach(part -> shares[part]++);
        return shares;
    }
}
