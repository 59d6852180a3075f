package io.sharedinference.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table with columns as wide as their longest cell. If it is wider than the terminal, it omits columns, names them, and
 * wraps long cells.
 */
final class Table {

    private static final String GAP = "  ";
    private static final int PROSE = 24; // the minimum readable width of a sentence
    private static final int NARROWEST = 4;

    private final List<List<String>> rows = new ArrayList<>();
    private final Set<String> alignedRight = new HashSet<>();

    Table(String... titles) {
        row(titles);
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** Aligns the columns with these titles as numbers. */
    Table alignRight(Collection<String> titles) {
        alignedRight.addAll(titles);
        return this;
    }

    @Override
    public String toString() {
        return text(indexes(), widths(indexes()));
    }

    /**
     * Fits the table to a width.
     *
     * @param optional titles of columns that may be omitted, in this order
     * @param more     where to find the omitted columns
     */
    String fitted(int width, List<String> optional, String more) {
        var columns = new ArrayList<>(indexes());
        var omitted = new ArrayList<String>();
        var candidates = optional.iterator();
        while (total(readable(widths(columns))) > width && candidates.hasNext()) {
            var title = candidates.next();
            columns.remove(Integer.valueOf(rows.get(0).indexOf(title)));
            omitted.add(title);
        }
        var widths = widths(columns);
        while (total(widths) > width && widest(widths) > NARROWEST) {
            widths.merge(widestColumn(widths), -1, Integer::sum);
        }
        return text(columns, widths) + (omitted.isEmpty() ? "" : wrapped(note(omitted, more), width));
    }

    private static String note(List<String> omitted, String more) {
        return "Columns not shown: " + String.join(", ", omitted) + ". " + more;
    }

    private List<Integer> indexes() {
        return IntStream.range(0, rows.get(0).size()).boxed().toList();
    }

    private Map<Integer, Integer> widths(List<Integer> columns) {
        var widths = new LinkedHashMap<Integer, Integer>();
        columns.forEach(column -> widths.put(
                column,
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)));
        return widths;
    }

    /** Cells with several words can be wrapped. */
    private Map<Integer, Integer> readable(Map<Integer, Integer> widths) {
        var narrower = new LinkedHashMap<>(widths);
        narrower.replaceAll((column, width) -> rows.stream()
                        .skip(1)
                        .anyMatch(row -> row.get(column).length() > PROSE
                                && row.get(column).contains(" "))
                ? Math.min(width, PROSE)
                : width);
        return narrower;
    }

    private static int total(Map<Integer, Integer> widths) {
        return widths.values().stream().mapToInt(Integer::intValue).sum() + GAP.length() * (widths.size() - 1);
    }

    private static int widest(Map<Integer, Integer> widths) {
        return widths.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    private static int width(Map<Integer, Integer> widths, int column) {
        return widths.getOrDefault(column, 0);
    }

    private static int widestColumn(Map<Integer, Integer> widths) {
        return widths.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private String text(List<Integer> columns, Map<Integer, Integer> widths) {
        return rows.stream()
                .flatMap(row -> lines(row, columns, widths).stream())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private List<String> lines(List<String> row, List<Integer> columns, Map<Integer, Integer> widths) {
        var cells = columns.stream()
                .map(column ->
                        wrapped(row.get(column), width(widths, column)).lines().toList())
                .toList();
        int height = cells.stream().mapToInt(List::size).max().orElse(0);
        return IntStream.range(0, height)
                .mapToObj(line -> IntStream.range(0, cells.size())
                        .mapToObj(cell -> padded(
                                line < cells.get(cell).size() ? cells.get(cell).get(line) : "",
                                width(widths, columns.get(cell)),
                                alignedRight.contains(rows.get(0).get(columns.get(cell)))))
                        .collect(Collectors.joining(GAP))
                        .stripTrailing())
                .toList();
    }

    private static String padded(String text, int width, boolean right) {
        var padding = " ".repeat(width - text.length());
        return right ? padding + text : text + padding;
    }

    /** Wraps at spaces, if possible. */
    private static String wrapped(String text, int width) {
        var lines = new ArrayList<String>();
        var line = "";
        for (var word : Arrays.asList(text.split(" "))) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line);
                line = "";
            }
            line = line.isEmpty() ? word : line + " " + word;
            for (; line.length() > width; line = line.substring(width)) {
                lines.add(line.substring(0, width));
            }
        }
        lines.add(line);
        return lines.stream().collect(Collectors.joining("\n", "", "\n"));
    }
}
