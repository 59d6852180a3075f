package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.HopResult;
import io.sharedinference.verify.VerificationReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Verifications of several tenants: one row per hop, one column per tenant, and the fixes below. */
record VerificationMatrix(List<Column> columns) {

    /** @param error the reason why there is no report */
    record Column(String stack, Optional<VerificationReport> report, Optional<String> error) {

        boolean passed() {
            return report.filter(VerificationReport::passed).isPresent();
        }

        private Optional<HopResult> at(Hop hop) {
            return report.stream()
                    .flatMap(found -> found.results().stream())
                    .filter(result -> result.hop() == hop)
                    .findFirst();
        }
    }

    boolean passed() {
        return columns.stream().allMatch(Column::passed);
    }

    /** Several tables, if one would be wider than {@code width}. */
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
                .map(result -> ReportWriter.sign(result, terminal))
                .map(String::strip)
                .orElse("-");
    }

    private static String explanation(Column column) {
        String failed = column.report().stream()
                .flatMap(report -> report.results().stream())
                .filter(HopResult.Failed.class::isInstance)
                .map(HopResult.Failed.class::cast)
                .findFirst()
                .map(result -> result.hop().title() + ": " + result.detail() + "\n  Fix: " + result.fix())
                .or(column::error)
                .orElse("");
        return failed.isEmpty() ? "" : "\n" + column.stack() + ": " + failed + "\n";
    }

    String json() {
        ObjectNode json = new ObjectMapper().createObjectNode().put("passed", passed());
        columns.forEach(column -> {
            ObjectNode tenant = json.withArray("tenants").addObject();
            column.report().ifPresent(report -> tenant.setAll(ReportJson.of(column.stack(), report)));
            column.error()
                    .ifPresent(error -> tenant.put("stack", column.stack())
                            .put("passed", false)
                            .put("error", error));
        });
        return json.toPrettyString() + "\n";
    }
}
