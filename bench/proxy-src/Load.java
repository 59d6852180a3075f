import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small POSTs with a cached decision: requests per second, processor time and tail latency. */
final class Load {
    private static final String DIRECT = "direct";
    private static final int SECONDS = Integer.getInteger("bench.seconds", 4);
    /** Each ends with aborted connections, so that the compiler has seen them, too. */
    private static final int WARM_UPS = 6;

    static final String BODY = """
        {"model":"pharia-1-llm-7b-control","prompt":"An apple a day keeps","maximum_tokens":5,"temperature":0.0}\
        """;
    private static final String REQUEST = """
        POST /complete HTTP/1.1\r
        Host: inference-api.tenant.example\r
        User-Agent: bench\r
        Accept: application/json\r
        Content-Type: application/json\r
        Authorization: Bearer %s\r
        Content-Length: %d\r
        \r
        %s\
        """.formatted(Lab.USER_TOKEN, BODY.length(), BODY);

    private final Lab lab;
    private final int rounds;
    private final Map<String, Running> targets = new LinkedHashMap<>();
    private final Map<String, List<Wrk.Round>> saturated = new LinkedHashMap<>();
    private final Wrk wrk;

    Load(Lab lab, int rounds, List<String> peers) throws Exception {
        this.lab = lab;
        this.rounds = rounds;
        this.wrk = new Wrk(lab);
        Running origin = lab.origin();
        targets.put(DIRECT, origin);
        for (String peer : peers) {
            targets.put(peer, lab.peer(peer, origin.port()));
        }
    }

    List<Figure> measure() throws Exception {
        for (Running target : targets.values()) {
            for (int i = 0; i < (Lab.PROXIES.contains(target.name()) ? WARM_UPS : 1); i++) {
                wrk.measure(target, 2);
            }
        }
        long asked = lab.iamCalls.get();
        for (int i = 0; i < rounds; i++) {
            for (var target : targets.entrySet()) {
                Wrk.Round round = wrk.measure(target.getValue(), SECONDS);
                System.err.printf(
                        "round %d %-12s %9.0f/s %7.2f us %7.3f ms%n",
                        i + 1, target.getKey(), round.perSecond(), round.cpuMicros(), round.p99());
                saturated
                        .computeIfAbsent(target.getKey(), name -> new ArrayList<>())
                        .add(round);
            }
        }
        List<Figure> figures = new ArrayList<>(saturation());
        figures.add(Figure.of("load: IAM calls meanwhile, all peers together", lab.iamCalls.get() - asked, ""));
        if (targets.containsKey("nginx-auth")) {
            for (String proxy :
                    Lab.PROXIES.stream().filter(targets::containsKey).toList()) {
                figures.addAll(halfRate(proxy));
            }
        }
        return figures;
    }

    private List<Figure> saturation() {
        List<Figure> figures = new ArrayList<>();
        for (String name : saturated.keySet()) {
            String metric = "load: " + name + ", 64 connections, ";
            figures.add(Figure.of(metric + "requests", perSecond(name), "1/s"));
            figures.add(Figure.of(metric + "CPU per request", cpu(name), "us"));
            figures.add(Figure.of(metric + "p99", p99(name), "ms"));
        }
        Lab.PROXIES.stream().filter(saturated::containsKey).forEach(proxy -> compare(proxy, figures));
        return figures;
    }

    private void compare(String proxy, List<Figure> figures) {
        if (saturated.containsKey("nginx-auth")) {
            figures.add(Figure.atLeast(
                    1.4,
                    "load: throughput, " + proxy + " / nginx with auth_request and cache",
                    perSecond(proxy) / perSecond("nginx-auth"),
                    "x"));
            figures.add(Figure.atMost(
                    1,
                    "load: p99 at saturation, " + proxy + " / nginx with auth_request and cache",
                    p99(proxy) / p99("nginx-auth"),
                    "x"));
        }
        if (saturated.containsKey("nginx")) {
            figures.add(Figure.atLeast(
                    1, "load: throughput, " + proxy + " / nginx plain", perSecond(proxy) / perSecond("nginx"), "x"));
            figures.add(Figure.atMost(
                    1, "load: CPU per request, " + proxy + " / nginx plain", cpu(proxy) / cpu("nginx"), "x"));
        }
    }

    private double perSecond(String name) {
        return ProxyBench.median(saturated.get(name).stream().mapToDouble(Wrk.Round::perSecond));
    }

    private double cpu(String name) {
        return ProxyBench.median(saturated.get(name).stream().mapToDouble(Wrk.Round::cpuMicros));
    }

    private double p99(String name) {
        return ProxyBench.median(saturated.get(name).stream().mapToDouble(Wrk.Round::p99));
    }

    /** Half the maximum rate of nginx with auth, and half that of the proxy. */
    private List<Figure> halfRate(String proxy) throws Exception {
        double rate = perSecond("nginx-auth") / 2;
        Map<String, Double> slow = paced(List.of(DIRECT, "nginx-auth", proxy), rate);
        double ownRate = perSecond(proxy) / 2;
        List<String> compared = targets.keySet().stream()
                .filter(List.of(DIRECT, "nginx", proxy)::contains)
                .toList();
        Map<String, Double> fast = paced(compared, ownRate);
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("load: " + proxy + " run, half of nginx-auth's most", rate, "1/s"));
        slow.forEach((name, p99) -> figures.add(
                Figure.of("load: " + proxy + " run, p99 at half of nginx-auth's most, " + name, p99, "ms")));
        figures.add(Figure.atMost(
                1,
                "load: p99 at half of nginx-auth's most, " + proxy + " / nginx with auth_request and cache",
                slow.get(proxy) / slow.get("nginx-auth"),
                "x"));
        figures.add(Figure.of("load: half of the most of " + proxy, ownRate, "1/s"));
        fast.forEach((name, p99) ->
                figures.add(Figure.of("load: p99 at half of the most of " + proxy + ", " + name, p99, "ms")));
        if (fast.containsKey("nginx")) {
            figures.add(Figure.of(
                    "load: p99 that plain nginx adds to direct, at half of the most of " + proxy,
                    fast.get("nginx") - fast.get(DIRECT),
                    "ms"));
        }
        figures.add(Figure.atMost(1, "load: p99 added to direct, " + proxy, fast.get(proxy) - fast.get(DIRECT), "ms"));
        return figures;
    }

    private Map<String, Double> paced(List<String> names, double rate) throws IOException {
        Map<String, List<Double>> all = new LinkedHashMap<>();
        for (int i = 0; i < rounds; i++) {
            for (String name : names) {
                try (Pacer pacer = new Pacer(targets.get(name).port(), REQUEST)) {
                    pacer.p99Millis(rate, 0.5);
                    double p99 = pacer.p99Millis(rate, Math.max(1, SECONDS - 1));
                    System.err.printf("paced %d %-12s %9.0f/s %7.3f ms%n", i + 1, name, rate, p99);
                    all.computeIfAbsent(name, n -> new ArrayList<>()).add(p99);
                }
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        all.forEach((name, values) ->
                medians.put(name, ProxyBench.median(values.stream().mapToDouble(Double::doubleValue))));
        return medians;
    }
}
