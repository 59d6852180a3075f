package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.Report;
import io.sharedinference.verify.Step;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Several tenants' verifications: a row per hop, a column per tenant, and below them what to do. */
record SideBySide(List<Column> columns) {

    /** @param trouble why there is no report */
    record Column(String stack, Optional<Report> report, Optional<String> trouble) {

        boolean passed() {
            return report.filter(Report::passed).isPresent();
        }

        private Optional<Step> at(Hop hop) {
            return report.stream()
                    .flatMap(found -> found.steps().stream())
                    .filter(step -> step.hop() == hop)
                    .findFirst();
        }
    }

    boolean passed() {
        return columns.stream().allMatch(Column::passed);
    }

    /** In several tables, if one is too wide. */
    String text(Terminal terminal, int width) {
        StringBuilder text = new StringBuilder();
        for (int from = 0, to = 0; from < columns.size(); from = to) {
            to = from + 1;
            while (to < columns.size() && fits(columns.subList(from, to + 1), width)) {
                to++;
            }
            text.append(from == 0 ? "" : "\n").append(table(columns.subList(from, to), terminal));
        }
        columns.forEach(column -> text.append(explanation(column)));
        return text.toString();
    }

    private static boolean fits(List<Column> columns, int width) {
        return table(columns, Terminal.NONE).lines().allMatch(line -> line.length() <= width);
    }

    private static String table(List<Column> columns, Terminal terminal) {
        Table table = new Table(Stream.concat(Stream.of("HOP"), columns.stream().map(Column::stack))
                .toArray(String[]::new));
        for (Hop hop : Hop.values()) {
            table.row(Stream.concat(Stream.of(hop.title()), columns.stream().map(column -> cell(column, hop, terminal)))
                    .toArray(String[]::new));
        }
        return table.toString();
    }

    private static String cell(Column column, Hop hop, Terminal terminal) {
        return column.at(hop)
                .map(step -> TextReport.sign(step, terminal))
                .map(String::strip)
                .orElse("-");
    }

    private static String explanation(Column column) {
        String failed = column.report().stream()
                .flatMap(report -> report.steps().stream())
                .filter(Step.Failed.class::isInstance)
                .map(Step.Failed.class::cast)
                .findFirst()
                .map(step -> step.hop().title() + ": " + step.detail() + "\n  What to do: " + step.remedy())
                .or(column::trouble)
                .orElse("");
        return failed.isEmpty() ? "" : "\n" + column.stack() + ": " + failed + "\n";
    }

    String json() {
        ObjectNode json = new ObjectMapper().createObjectNode().put("passed", passed());
        columns.forEach(column -> {
            ObjectNode tenant = json.withArray("tenants").addObject();
            column.report().ifPresent(report -> tenant.setAll(JsonReport.describe(column.stack(), report)));
            column.trouble()
                    .ifPresent(trouble -> tenant.put("stack", column.stack())
                            .put("passed", false)
                            .put("trouble", trouble));
        });
        return json.toPrettyString() + "\n";
    }
}
