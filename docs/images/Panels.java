import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Draws the panels of the Grafana dashboard: their titles, units and queries are read from its file, the values from
 * Prometheus. The layout is not Grafana's. Prints HTML.
 * usage: java -cp target/shared-inference.jar docs/images/Panels.java PROMETHEUS FROM TO TENANT
 */
class Panels {

    static final int STEP = 600;
    static final int WIDTH = 300;
    static final int HEIGHT = 110;
    static final ObjectMapper JSON = new ObjectMapper();
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    record Line(String name, List<double[]> points) {}

    final String prometheus;
    final long from;
    final long to;
    String tenant = ".+";

    Panels(String prometheus, long from, long to) {
        this.prometheus = prometheus;
        this.from = from;
        this.to = to;
    }

    public static void main(String[] args) throws Exception {
        var panels = new Panels(args[0], Long.parseLong(args[1]), Long.parseLong(args[2]));
        var body = new StringBuilder();
        for (var panel : JSON.readTree(Path.of("deploy/monitoring/dashboard.json").toFile()).path("panels")) {
            if (panel.path("type").asText().equals("row")) {
                panels.tenant = panel.has("repeat") ? args[3] : ".+";
                var title = panel.path("title").asText().replace("$tenant", args[3]);
                body.append(body.isEmpty() ? "" : "</div>\n").append("<h2>" + escaped(title) + "</h2>\n<div class=\"panels\">\n");
            } else {
                body.append(panels.panel(panel));
            }
        }
        var style = Panels.class.getClassLoader().getResourceAsStream("io/sharedinference/html/page.css");
        System.out.print("""
                <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Dashboard</title><style>
                %s
                body { max-width: none; padding: 1rem; } h2 { margin: 1rem 0 .5rem; }
                .panels { display: grid; gap: .5rem; grid-template-columns: repeat(4, 1fr); }
                section { background: var(--surface); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .6rem; }
                h3 { font-size: .85rem; margin: 0; } svg { display: block; width: 100%%; } text { fill: var(--faint); font-size: 10px; }
                section p, td { color: var(--faint); font-size: .72rem; line-height: 1.3; margin: 0; }
                </style></head><body>%s</div></body></html>
                """.formatted(new String(style.readAllBytes(), StandardCharsets.UTF_8), body));
    }

    String panel(JsonNode panel) throws Exception {
        var title = panel.path("title").asText();
        var unit = panel.path("fieldConfig").path("defaults").path("unit").asText();
        boolean range = panel.path("type").asText().equals("timeseries");
        var lines = new ArrayList<Line>();
        for (var target : panel.path("targets")) {
            lines.addAll(range ? range(target) : instant(target));
        }
        if (lines.isEmpty()) {
            throw new IllegalStateException("no data: " + title);
        }
        return "<section><h3>" + escaped(title) + "</h3>" + (range ? plot(lines, unit) : table(lines, unit)) + "</section>\n";
    }

    List<Line> range(JsonNode target) throws Exception {
        return read(target, "query_range", "start=" + from + "&end=" + to + "&step=" + STEP);
    }

    List<Line> instant(JsonNode target) throws Exception {
        return read(target, "query", "time=" + to);
    }

    List<Line> read(JsonNode target, String path, String time) throws Exception {
        var query = target.path("expr").asText()
                .replace("$tenant", tenant)
                .replace("$__rate_interval", STEP + "s")
                .replace("$__range", (to - from) + "s");
        var url = prometheus + "/api/v1/" + path + "?" + time + "&query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        var response = CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        var data = JSON.readTree(response.body());
        if (!data.path("status").asText().equals("success")) {
            throw new IllegalStateException(query + ": " + response.body());
        }
        var lines = new ArrayList<Line>();
        for (var series : data.path("data").path("result")) {
            var points = new ArrayList<double[]>();
            var values = series.has("values") ? series.path("values") : JSON.createArrayNode().add(series.path("value"));
            values.forEach(pair -> points.add(new double[] {pair.get(0).asDouble(), pair.get(1).asDouble()}));
            lines.add(new Line(name(target.path("legendFormat").asText(), series.path("metric")), points));
        }
        return lines;
    }

    static String name(String legend, JsonNode labels) {
        if (legend.isEmpty()) {
            Map<String, String> all = new TreeMap<>();
            labels.properties().forEach(label -> all.put(label.getKey(), label.getValue().asText()));
            return String.join(" · ", all.values());
        }
        return Pattern.compile("\\{\\{(\\w+)}}").matcher(legend).replaceAll(label -> labels.path(label.group(1)).asText());
    }

    String plot(List<Line> lines, String unit) {
        double most = lines.stream().flatMap(line -> line.points().stream()).mapToDouble(point -> point[1])
                .filter(Double::isFinite).max().orElse(0);
        double top = most > 0 ? most * 1.1 : 1;
        var svg = new StringBuilder("<svg viewBox=\"0 0 " + WIDTH + " " + (HEIGHT + 14) + "\">");
        for (int part = 0; part <= 2; part++) {
            double y = HEIGHT - part * HEIGHT / 2.2;
            svg.append("<line x1=\"40\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--line)\"/><text x=\"36\" y=\"%.1f\" text-anchor=\"end\">%s</text>"
                    .formatted(WIDTH, y, y, Math.max(y + 3, 9), value(top * part / 2.2, unit)));
        }
        for (int index = 0; index < lines.size(); index++) {
            var points = lines.get(index).points().stream().filter(point -> Double.isFinite(point[1]))
                    .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", 40 + (WIDTH - 40) * (point[0] - from) / (to - from),
                            HEIGHT - HEIGHT * point[1] / top))
                    .collect(Collectors.joining(" "));
            svg.append("<polyline fill=\"none\" stroke=\"var(--series-%d)\" stroke-width=\"1.3\" points=\"%s\"/>".formatted(index % 9, points));
        }
        svg.append("<text x=\"40\" y=\"%d\">00:00</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">24:00</text></svg><p>".formatted(
                HEIGHT + 12, WIDTH, HEIGHT + 12));
        for (int index = 0; index < lines.size(); index++) {
            svg.append("<span style=\"color:var(--series-%d)\">●</span> %s &nbsp;".formatted(index % 9, escaped(lines.get(index).name())));
        }
        return svg.append("</p>").toString();
    }

    static String table(List<Line> lines, String unit) {
        return lines.stream()
                .map(line -> "<tr><td>" + escaped(line.name()) + "</td><td class=\"number\">"
                        + value(line.points().get(0)[1], unit) + "</td></tr>")
                .collect(Collectors.joining("", "<table>", "</table>"));
    }

    static String value(double value, String unit) {
        return switch (unit) {
            case "percentunit" -> String.format(Locale.ROOT, "%.1f %%", 100 * value);
            case "s" -> value < 1 ? String.format(Locale.ROOT, "%.0f ms", 1000 * value) : String.format(Locale.ROOT, "%.1f s", value);
            default -> (value >= 1e6 ? String.format(Locale.ROOT, "%.1f M", value / 1e6)
                    : value >= 1e4 ? String.format(Locale.ROOT, "%.0f k", value / 1e3)
                    : String.format(Locale.ROOT, value < 10 && value % 1 != 0 ? "%.2f" : "%.0f", value))
                    + (unit.equals("reqps") || unit.equals("ops") ? "/s" : "");
        };
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
