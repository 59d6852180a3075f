import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Ten thousand open streams with one event per second each. */
final class Streams {
    private static final int WANTED = 10_000;
    /** For jars, event loops and the like: the proxy has about 60 open before the first stream. */
    private static final int SPARE_DESCRIPTORS = 90;

    private static final int SETTLE_MILLIS = 3_000;
    static final int MEASURE_SECONDS = 12;

    private final Lab lab;
    private final String name;

    Streams(Lab lab, String proxy) {
        this.lab = lab;
        this.name = proxy;
    }

    List<Figure> measure() throws Exception {
        Running origin = origin(lab, EventOrigin.Kind.STAMP);
        Running proxy = lab.peer(name, origin.port());
        List<Figure> figures = new ArrayList<>();
        double before = proxy.residentMiB();
        figures.add(Figure.of("streams: " + name + ", none open, resident memory", before, "MiB"));
        int most = most();
        try (EventClient client = new EventClient(proxy.port())) {
            for (int count : List.of(1_000, 5_000, most)) {
                double cpu = hold(client, count, proxy);
                double resident = proxy.residentMiB();
                String metric = "streams: " + name + ", " + count + " open, ";
                figures.add(Figure.atMost(512, metric + "resident memory", resident, "MiB"));
                figures.add(Figure.of(metric + "growth per stream", (resident - before) * 1024 / count, "KiB"));
                figures.add(Figure.atMost(0, metric + "lost", client.lost(MEASURE_SECONDS - 2), ""));
                figures.add(Figure.atMost(100, metric + "p99 delay of an event", client.p99Millis(), "ms"));
                figures.add(Figure.of(metric + "CPU, of one processor", 100 * cpu / MEASURE_SECONDS, "%"));
            }
        }
        lab.stop(proxy);
        lab.stop(origin);
        return figures;
    }

    static Running origin(Lab lab, EventOrigin.Kind kind) throws Exception {
        int port = Running.freePort();
        return lab.start(
                "event-origin",
                port,
                Map.of(),
                List.of(
                        Lab.javaCommand(),
                        "-XX:+UseSerialGC",
                        "bench/proxy-src/EventOrigin.java",
                        String.valueOf(port),
                        kind.name()));
    }

    /** Processor time in seconds for a number of streams. */
    static double hold(EventClient client, int count, Running proxy) throws Exception {
        client.grow(count);
        client.read(SETTLE_MILLIS);
        client.reset();
        double before = proxy.cpuSeconds();
        client.read(MEASURE_SECONDS * 1_000L);
        return proxy.cpuSeconds() - before;
    }

    /** Each stream needs two of the proxy's descriptors, and not every machine allows a process 20,200. */
    static int most() {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long descriptors = system.getMaxFileDescriptorCount();
        int most = (int) Math.min(WANTED, (descriptors - SPARE_DESCRIPTORS) / 2);
        if (most < WANTED) {
            System.err.printf(
                    "streams: %d instead of %d, since this machine lets a process have %d descriptors%n",
                    most, WANTED, descriptors);
        }
        return most;
    }
}
