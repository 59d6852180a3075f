import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;

/** Benchmark of the proxy and its peers; see bench/proxy for its arguments. */
final class ProxyBench {
    private record Options(List<String> only, int rounds, int soakMinutes, List<String> peers, Path image) {
        private static final String PARTS = "load,streams,transfer,start,container,limits,usage";

        static Options of(String[] arguments) {
            List<String> all = Arrays.asList(arguments);
            return new Options(
                    List.of(value(all, "--only", all.contains("--soak") ? "" : PARTS)
                            .split(",")),
                    Integer.parseInt(value(all, "--rounds", "5")),
                    Integer.parseInt(value(all, "--soak", "0")),
                    List.of(value(all, "--peers", "nginx,nginx-auth,haproxy,proxy,proxy-io_uring")
                            .split(",")),
                    Path.of(value(all, "--image", "proxy/target/image")));
        }

        List<String> proxies() {
            return peers.stream().filter(Lab.PROXIES::contains).toList();
        }

        private static String value(List<String> arguments, String name, String byDefault) {
            int at = arguments.indexOf(name);
            return at < 0 ? byDefault : arguments.get(at + 1);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.of(arguments);
        if (!Files.exists(options.image.resolve("app/proxy.aot"))) {
            throw new IllegalStateException(options.image
                    + " is missing; build it: (cd proxy && ../mvnw -q package -DskipTests -Dimage.skip=false)");
        }
        List<Figure> figures = new ArrayList<>();
        for (String part : options.only) {
            try (Lab lab = new Lab(options.image)) {
                figures.addAll(measure(part, lab, options));
            }
        }
        if (options.soakMinutes > 0) {
            try (Lab lab = new Lab(options.image)) {
                figures.addAll(soak(lab, options));
            }
        }
        versions().forEach(System.out::println);
        figures.forEach(figure -> System.out.println(figure.row()));
        Figure.write(figures, Path.of("bench/results/proxy.json"));
    }

    private static List<Figure> measure(String part, Lab lab, Options options) throws Exception {
        return switch (part) {
            case "load" -> new Load(lab, options.rounds, options.peers).measure();
            case "streams" -> each(options, proxy -> new Streams(lab, proxy).measure());
            case "transfer" -> each(options, proxy -> new Transfer(lab, options.rounds, proxy).measure());
            case "start" -> new Start(lab, 2 * options.rounds).measure();
            case "container" -> new Container(options.rounds).measure();
            case "limits" -> new Limits(lab, options.rounds).measure();
            case "usage" -> new Usage(lab, options.rounds).measure();
            case "" -> List.of();
            default -> throw new IllegalArgumentException("no part is called " + part);
        };
    }

    /** Runs all loads concurrently, since it looks for leaks, which other load does not hide. */
    private static List<Figure> soak(Lab lab, Options options) throws Exception {
        List<Callable<List<Figure>>> soaks = new ArrayList<>();
        for (String proxy : options.proxies()) {
            soaks.add(new Soak(lab, options.soakMinutes, proxy)::measure);
        }
        List<Figure> figures = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (Future<List<Figure>> soak : threads.invokeAll(soaks)) {
                figures.addAll(soak.get());
            }
        }
        return figures;
    }

    private interface Part {
        List<Figure> measure(String proxy) throws Exception;
    }

    private static List<Figure> each(Options options, Part part) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (String proxy : options.proxies()) {
            figures.addAll(part.measure(proxy));
        }
        return figures;
    }

    static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static List<String> versions() throws Exception {
        List<String> versions = new ArrayList<>();
        versions.add("java " + Runtime.version());
        versions.add(firstLine("nginx", "-v"));
        versions.add(firstLine("haproxy", "-v"));
        versions.add(firstLine("wrk", "-v"));
        versions.add(firstLine("uname", "-sr") + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        versions.add("proxy at " + firstLine("git", "describe", "--always", "--dirty"));
        return versions;
    }

    private static String firstLine(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes())
                .lines()
                .findFirst()
                .orElse("");
    }
}
