package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.usage.Amount;
import io.sharedinference.usage.Dimension;
import io.sharedinference.usage.Period;
import io.sharedinference.usage.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints the usage of a period. */
record UsageOutput(Period period, Report report) {

    String table() {
        var titles = new ArrayList<String>();
        report.by().forEach(dimension -> titles.add(dimension.name()));
        titles.addAll(List.of("INPUT", "OUTPUT", "TOKENS"));
        if (countsRequests()) {
            titles.add("REQUESTS");
        }
        titles.add("SHARE");
        var table = new Table(titles.toArray(String[]::new))
                .alignRight(titles.subList(report.by().size(), titles.size()));
        report.rows()
                .forEach(row -> table.row(
                        cells(row.names().stream().map(UsageOutput::printable), row.amount(), row.share() + " %")));
        table.row(cells(
                report.by().stream().map(dimension -> dimension == report.by().get(0) ? "TOTAL" : ""),
                report.total(),
                ""));
        return period.from() + " to " + period.to() + "\n\n" + table;
    }

    private String[] cells(Stream<String> names, Amount amount, String share) {
        var counts = Stream.of(amount.input(), amount.output(), amount.tokens(), amount.requests())
                .limit(countsRequests() ? 4 : 3)
                .map(count -> String.format(Locale.ROOT, "%,d", count));
        return Stream.of(names, counts, Stream.of(share)).flatMap(part -> part).toArray(String[]::new);
    }

    /** Names come from clients. */
    private static String printable(String name) {
        return Terminal.fitted(name, 60);
    }

    private boolean countsRequests() {
        return !report.by().contains(Dimension.USER);
    }

    String csv() {
        var lines = new ArrayList<List<String>>();
        var titles =
                new ArrayList<>(report.by().stream().map(Dimension::toString).toList());
        titles.addAll(List.of("input_tokens", "output_tokens", "tokens", "requests", "share_percent"));
        lines.add(titles);
        report.rows().forEach(row -> {
            var cells = new ArrayList<>(row.names());
            Stream.of(row.amount().input(), row.amount().output(), row.amount().tokens())
                    .forEach(count -> cells.add(String.valueOf(count)));
            cells.add(countsRequests() ? String.valueOf(row.amount().requests()) : "");
            cells.add(row.share().toPlainString());
            lines.add(cells);
        });
        return lines.stream()
                .map(cells -> cells.stream().map(UsageOutput::cell).collect(Collectors.joining(",", "", "\r\n")))
                .collect(Collectors.joining());
    }

    /** As RFC 4180 has it, and so that spreadsheets run no name as a formula. */
    private static String cell(String text) {
        var harmless = text.matches("(?s)[=+\\-@\\t\\r].*") ? "'" + text : text;
        return harmless.matches("(?s).*[\",\\r\\n].*") ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
    }

    String json() {
        var json = new ObjectMapper().createObjectNode();
        json.put("from", period.from().toString()).put("to", period.to().toString());
        report.by().forEach(dimension -> json.withArray("by").add(dimension.toString()));
        json.set("total", amount(report.total()));
        var usage = json.putArray("usage");
        report.rows().forEach(row -> {
            var object = usage.addObject();
            for (int name = 0; name < row.names().size(); name++) {
                object.put(report.by().get(name).toString(), row.names().get(name));
            }
            object.setAll(amount(row.amount()));
            object.put("sharePercent", row.share());
        });
        return json.toPrettyString() + "\n";
    }

    private ObjectNode amount(Amount amount) {
        var object = new ObjectMapper()
                .createObjectNode()
                .put("inputTokens", amount.input())
                .put("outputTokens", amount.output())
                .put("tokens", amount.tokens());
        return countsRequests() ? object.put("requests", amount.requests()) : object;
    }
}
