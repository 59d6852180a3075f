package io.sharedinference.html;

import io.sharedinference.tenants.TenantStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The status of all tenants. */
public final class StatusPage {

    private static final List<String> TITLES = List.of(
            "Tenant", "Health", "Drift", "Chart", "Image", "Models", "Token age", "Namespace", "Cluster", "Stack");

    private StatusPage() {}

    /** The HTML of a page that needs no other file, for a status that was read at this time. */
    public static String of(List<TenantStatus> tenants, Instant at) {
        return new Page("Tenants of shared inference", List.of(Page.resource("page.css")), body(tenants, at), List.of())
                .html();
    }

    private static String body(List<TenantStatus> tenants, Instant at) {
        return "<h1>Tenants of shared inference</h1>\n<p class=\"period\">"
                + at.toString().substring(0, 16).replace('T', ' ') + " UTC</p>\n"
                + Html.figures(List.of(
                        new Html.Figure("Tenants", String.valueOf(tenants.size())),
                        new Html.Figure("Healthy", count(tenants, "good")),
                        new Html.Figure("Unknown", count(tenants, "unknown")),
                        new Html.Figure("Failing", count(tenants, "bad"))))
                + "<h2>Tenants</h2>\n<div class=\"table\"><table>\n<thead><tr>"
                + TITLES.stream().map(title -> "<th>" + title + "</th>").collect(Collectors.joining())
                + "</tr></thead>\n<tbody>\n"
                + tenants.stream().map(StatusPage::row).collect(Collectors.joining())
                + "</tbody>\n</table></div>\n";
    }

    private static String count(List<TenantStatus> tenants, String kind) {
        return String.valueOf(tenants.stream()
                .filter(tenant -> kind(tenant.health(), "ok").equals(kind))
                .count());
    }

    private static String row(TenantStatus tenant) {
        var drift = tenant.drift().map(TenantStatus.Drift::summary);
        return "<tr>" + cell(tenant.tenant())
                + marked(tenant.health(), "ok")
                + drift.map(found -> marked(found, "none")).orElseGet(() -> cell("–"))
                + cell(tenant.chart().orElse("?"))
                + image(tenant)
                + Stream.of(
                                tenant.models().map(String::valueOf),
                                tenant.tokenDays().map(days -> days + " d"),
                                tenant.namespace(),
                                tenant.cluster(),
                                Optional.of(tenant.stack()))
                        .map(value -> cell(value.orElse("?")))
                        .collect(Collectors.joining())
                + "</tr>\n";
    }

    private static String kind(String text, String good) {
        return text.equals(good) ? "good" : text.startsWith("unknown:") ? "unknown" : "bad";
    }

    private static String marked(String text, String good) {
        return "<td class=\"" + kind(text, good) + "\">" + Html.escaped(text) + "</td>";
    }

    private static String image(TenantStatus tenant) {
        return tenant.image()
                .map(full -> "<td title=\"" + Html.escaped(full) + "\">"
                        + Html.escaped(tenant.shortImage().orElseThrow()) + "</td>")
                .orElseGet(() -> cell("?"));
    }

    private static String cell(String text) {
        return "<td>" + Html.escaped(text) + "</td>";
    }
}
