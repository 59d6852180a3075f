import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A measured value, and its goal, if it has one. */
record Figure(String metric, double value, String unit, Optional<Goal> goal) {

    /** The minimum or maximum of a value. */
    record Goal(double limit, boolean atLeast) {
        boolean metBy(double value) {
            return atLeast ? value >= limit : value <= limit;
        }
    }

    static Figure of(String metric, double value, String unit) {
        return new Figure(metric, value, unit, Optional.empty());
    }

    static Figure atLeast(double limit, String metric, double value, String unit) {
        return new Figure(metric, value, unit, Optional.of(new Goal(limit, true)));
    }

    static Figure atMost(double limit, String metric, double value, String unit) {
        return new Figure(metric, value, unit, Optional.of(new Goal(limit, false)));
    }

    String row() {
        String end = goal.map(g -> String.format(
                        Locale.ROOT, "%s %10.3f  %s", g.atLeast ? ">=" : "<=", g.limit, g.metBy(value) ? "yes" : "NO"))
                .orElse("");
        return String.format(Locale.ROOT, "%-78s %12.3f %-6s %s", metric, value, unit, end)
                .stripTrailing();
    }

    private String json() {
        String limit =
                goal.map(g -> String.format(Locale.ROOT, "%.3f", g.limit)).orElse("null");
        String met = goal.map(g -> String.valueOf(g.metBy(value))).orElse("null");
        return String.format(
                Locale.ROOT,
                "  {\"metric\": \"%s\", \"value\": %.3f, \"unit\": \"%s\", \"goal\": %s, \"met\": %s}",
                metric,
                value,
                unit,
                limit,
                met);
    }

    /** The part of the benchmark that a metric belongs to: its name up to the first colon. */
    private static String part(String metric) {
        return metric.substring(0, metric.indexOf(':'));
    }

    /** Writes the figures, and keeps those of parts that were measured only in an earlier run. */
    static void write(List<Figure> figures, Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.exists(file)) {
            List<String> measured = figures.stream()
                    .map(figure -> part(figure.metric))
                    .distinct()
                    .toList();
            Files.readAllLines(file).stream()
                    .filter(line -> line.contains("\"metric\""))
                    .filter(line -> measured.stream().noneMatch(part -> line.contains("\"metric\": \"" + part + ":")))
                    .map(line -> line.replaceAll(",$", ""))
                    .forEach(lines::add);
        }
        figures.forEach(figure -> lines.add(figure.json()));
        Files.createDirectories(file.getParent());
        Files.writeString(file, lines.stream().collect(Collectors.joining(",\n", "[\n", "\n]\n")));
    }
}
