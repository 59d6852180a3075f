import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Cost of STREAM_USAGE on ten thousand open streams with one event per second each: the proxy with and without it. */
final class Usage {
    private static final double MOST = 1.05;

    private enum Variant {
        OFF("false", EventOrigin.Kind.VLLM, "off"),
        VLLM("true", EventOrigin.Kind.VLLM, "vLLM's events"),
        OPENAI("true", EventOrigin.Kind.OPENAI, "OpenAI's events, a null usage removed from each");

        private final Map<String, String> settings;
        private final EventOrigin.Kind origin;
        private final String label;

        Variant(String streamUsage, EventOrigin.Kind origin, String label) {
            this.settings = Map.of("STREAM_USAGE", streamUsage);
            this.origin = origin;
            this.label = label;
        }
    }

    private final Lab lab;
    private final int rounds;
    private int lost;

    Usage(Lab lab, int rounds) {
        this.lab = lab;
        this.rounds = rounds;
    }

    List<Figure> measure() throws Exception {
        int streams = Streams.most();
        Map<Variant, List<Double>> micros = new EnumMap<>(Variant.class);
        for (int round = 0; round < rounds; round++) {
            for (Variant variant : Variant.values()) {
                micros.computeIfAbsent(variant, first -> new ArrayList<>()).add(microsPerEvent(variant, streams));
            }
        }
        List<Figure> figures =
                new ArrayList<>(List.of(Figure.atMost(0, "usage: " + streams + " streams, lost", lost, "")));
        double off = median(micros.get(Variant.OFF));
        micros.forEach((variant, values) -> {
            String metric = "usage: " + streams + " streams, " + variant.label + ", CPU per event";
            figures.add(Figure.of(metric, median(values), "µs"));
            if (variant != Variant.OFF) {
                figures.add(Figure.atMost(MOST, metric + ", off is 1", median(values) / off, ""));
            }
        });
        return figures;
    }

    private double microsPerEvent(Variant variant, int streams) throws Exception {
        Running origin = Streams.origin(lab, variant.origin);
        Running proxy = lab.proxy("proxy", variant.settings, origin.port());
        try (EventClient client = new EventClient(proxy.port())) {
            Streams.hold(
                    client, streams, proxy); // the compiler's time at the start is not part of the cost of an event
            double seconds = Streams.hold(client, streams, proxy);
            lost += client.lost(Streams.MEASURE_SECONDS - 2);
            return 1_000_000 * seconds / client.events();
        } finally {
            lab.stop(proxy);
            lab.stop(origin);
        }
    }

    private static double median(List<Double> values) {
        return ProxyBench.median(values.stream().mapToDouble(Double::doubleValue));
    }
}
