package io.sharedinference.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.usage.Amount;
import io.sharedinference.usage.Dimension;
import io.sharedinference.usage.Report;
import io.sharedinference.usage.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The usage of a period: plots by tenant and by model, and tables with shares. */
public final class UsagePage {

    private static final int ROW_LIMIT = 1_000; // browsers become slow

    private final Usage usage;

    private UsagePage(Usage usage) {
        this.usage = usage;
    }

    /** The HTML of a page that needs no other file. */
    public static String of(Usage usage) {
        return new UsagePage(usage).page().html();
    }

    private Page page() {
        var library = ChartLibrary.load();
        return new Page(
                "Usage of shared inference",
                List.of(library.style(), Page.resource("page.css")),
                body(),
                List.of(library.script(), Page.resource("plots.js")));
    }

    private String body() {
        var tenants = usage.report(List.of(Dimension.TENANT));
        var parts = Stream.of(
                header(tenants),
                plot("by-tenant", "Tokens by tenant"),
                table("Tenants", tenants),
                plot("by-model", "Tokens by model"),
                table("Models", usage.report(List.of(Dimension.MODEL))),
                table("Tenants and models", usage.report(List.of(Dimension.TENANT, Dimension.MODEL))),
                usage.users().isEmpty() ? "" : table("Users", usage.report(List.of(Dimension.TENANT, Dimension.USER))),
                footer(),
                "<script type=\"application/json\" id=\"plots\">" + Html.embedded(plots()) + "</script>\n");
        return parts.collect(Collectors.joining());
    }

    private String header(Report tenants) {
        var total = tenants.total();
        return "<h1>Usage of shared inference</h1>\n<p class=\"period\">"
                + minute(usage.period().from()) + " to "
                + minute(usage.period().to()) + " UTC</p>\n"
                + Html.figures(List.of(
                        new Html.Figure("Tokens", number(total.tokens())),
                        new Html.Figure("Input tokens", number(total.input())),
                        new Html.Figure("Output tokens", number(total.output())),
                        new Html.Figure("Requests", number(total.requests())),
                        new Html.Figure("Tenants", number(tenants.rows().size()))));
    }

    private static String plot(String id, String title) {
        return "<h2>" + title + "</h2>\n<div class=\"plot\" id=\"" + id + "\"></div>\n";
    }

    private static String table(String title, Report report) {
        boolean requests = !report.by().contains(Dimension.USER);
        var names = report.by().stream().map(UsagePage::title).collect(Collectors.joining());
        var rows = report.rows().stream()
                .limit(ROW_LIMIT)
                .map(row -> row(row, requests))
                .collect(Collectors.joining());
        return """
                <h2>%s</h2>
                <div class="table"><table>
                <thead><tr>%s<th class="number">Input</th><th class="number">Output</th><th class="number">Tokens</th>%s<th class="number">Share</th><th class="share"></th></tr></thead>
                <tbody>
                %s</tbody>
                <tfoot><tr><td colspan="%d">Total</td>%s<td></td><td></td></tr></tfoot>
                </table></div>
                %s""".formatted(
                        title,
                        names,
                        requests ? "<th class=\"number\">Requests</th>" : "",
                        rows,
                        report.by().size(),
                        numbers(report.total(), requests),
                        omitted(report));
    }

    private static String omitted(Report report) {
        return report.rows().size() <= ROW_LIMIT
                ? ""
                : "<p class=\"note\">%s more rows: ./tenant usage --csv prints all.</p>\n"
                        .formatted(number(report.rows().size() - ROW_LIMIT));
    }

    private static String title(Dimension dimension) {
        var name = dimension.toString();
        return "<th>" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "</th>";
    }

    private static String row(Report.Row row, boolean requests) {
        return "<tr>"
                + row.names().stream()
                        .map(name -> "<td>" + Html.escaped(name) + "</td>")
                        .collect(Collectors.joining())
                + numbers(row.amount(), requests)
                + "<td class=\"number\">" + row.share().toPlainString()
                + " %</td><td class=\"share\"><span style=\"width:"
                + row.share().toPlainString() + "%\"></span></td></tr>\n";
    }

    private static String numbers(Amount amount, boolean requests) {
        return Stream.of(amount.input(), amount.output(), amount.tokens(), amount.requests())
                .limit(requests ? 4 : 3)
                .map(count -> "<td class=\"number\">" + number(count) + "</td>")
                .collect(Collectors.joining());
    }

    private static String footer() {
        return "<footer>Tokens and requests as the proxies counted them and Prometheus scraped them. Requests include"
                + " failed ones.</footer>\n";
    }

    private JsonNode plots() {
        var json = new ObjectMapper()
                .createObjectNode()
                .put("slice", usage.period().slice().toSeconds());
        var starts = json.putArray("starts");
        for (int slice = 0; slice < usage.period().slices(); slice++) {
            starts.add(usage.period().start(slice).getEpochSecond());
        }
        var plots = json.putArray("plots");
        Plot.of("by-tenant", Dimension.TENANT, usage.models()).write(plots.addObject());
        Plot.of("by-model", Dimension.MODEL, usage.models()).write(plots.addObject());
        return json;
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String minute(Instant at) {
        return at.toString().substring(0, 16).replace('T', ' ');
    }
}
