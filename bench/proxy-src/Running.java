import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A process that this benchmark started, and its port. Reads its cost from /proc. */
record Running(String name, Process process, int port) implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100;
    private static final double MIB = 1024;

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the port is open. */
    Running awaitPort() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return this;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(name + " does not serve; see its log");
                }
                Thread.sleep(20);
            }
        }
    }

    /** Processor time in seconds, in user and kernel mode, of the process and its workers. */
    double cpuSeconds() {
        return pids().mapToDouble(pid -> ticks(pid) / TICKS_PER_SECOND).sum();
    }

    double residentMiB() {
        return pids().mapToDouble(pid -> status(pid, "VmRSS:")).sum();
    }

    /** The peak resident memory since {@link #resetPeak()}. */
    double peakMiB() {
        return pids().mapToDouble(pid -> status(pid, "VmHWM:")).sum();
    }

    void resetPeak() {
        pids().forEach(pid -> write(Path.of("/proc/" + pid + "/clear_refs"), "5"));
    }

    boolean usesIoUring() {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return files.anyMatch(file -> link(file).equals("anon_inode:[io_uring]"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty if the descriptor was closed meanwhile. */
    private static String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    long descriptors() {
        return pids().map(Running::openFiles).sum();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }

    private LongStream pids() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToLong(ProcessHandle::pid);
    }

    private static long ticks(long pid) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static double status(long pid, String key) {
        return read(Path.of("/proc/" + pid + "/status"))
                        .lines()
                        .filter(line -> line.startsWith(key))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / MIB;
    }

    private static long openFiles(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
