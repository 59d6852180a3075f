import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Time from the start of the process to the first successful /readyz. */
final class Start {
    private final Lab lab;
    private final int times;

    Start(Lab lab, int times) {
        this.lab = lab;
        this.times = times;
    }

    List<Figure> measure() throws Exception {
        Running origin = lab.origin();
        List<Double> millis = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            int opsPort = Running.freePort();
            long start = System.nanoTime();
            Running proxy =
                    lab.proxy("proxy", "epoll", "http://127.0.0.1:" + origin.port(), Running.freePort(), opsPort);
            while (!ready(opsPort)) {
                Thread.sleep(2);
            }
            millis.add((System.nanoTime() - start) / 1e6);
            cpu.add(1000 * proxy.cpuSeconds());
            lab.stop(proxy);
        }
        return List.of(
                Figure.atMost(
                        500,
                        "start: process to ready, from the image's files, median of " + times,
                        ProxyBench.median(millis.stream().mapToDouble(Double::doubleValue)),
                        "ms"),
                Figure.of(
                        "start: processor time until then, of all threads",
                        ProxyBench.median(cpu.stream().mapToDouble(Double::doubleValue)),
                        "ms"));
    }

    private static boolean ready(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("GET /readyz HTTP/1.1\r\nHost: ops\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }
}
