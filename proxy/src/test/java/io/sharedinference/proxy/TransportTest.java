package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transport is the configured one, if the kernel supports it. All other tests run with each transport. */
class TransportTest {
    /** Blocks the system calls of io_uring, like the default profile of container runtimes, then runs the command. */
    private static final String SECCOMP = """
        import ctypes, os, struct, sys
        def op(code, jump, skip, value): return struct.pack("HBBI", code, jump, skip, value)
        calls = op(0x20, 0, 0, 0) + op(0x35, 0, 2, 425) + op(0x25, 1, 0, 427) + op(0x06, 0, 0, 0x00050001) \
            + op(0x06, 0, 0, 0x7fff0000)
        code = ctypes.create_string_buffer(calls)
        class Program(ctypes.Structure):
            _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.prctl(38, 1, 0, 0, 0) == 0
        assert libc.prctl(22, 2, ctypes.byref(Program(5, ctypes.addressof(code))), 0, 0) == 0
        os.execv(sys.argv[1], sys.argv[1:])
        """;

    @TempDir
    private Path directory;

    @Test
    void usesTheConfiguredTransport() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            String transport = ProxyProcess.TRANSPORT.get("TRANSPORT");
            ProxyFixture.eventually(() -> fixture.logged().contains("\"transport\":\"" + transport + "\""));
        }
    }

    @Test
    void ioUringServes() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("TRANSPORT", "io_uring")) {
            ProxyFixture.eventually(() -> fixture.logged().contains("\"started\""));
            assumeTrue(
                    !fixture.logged().contains("io_uring is not available"),
                    "SKIPPED: this kernel or container has no io_uring");
            assertTrue(fixture.logged().contains("\"transport\":\"io_uring\""), fixture.logged());
            assertEquals(200, fixture.get("/x").status());
        }
    }

    @Test
    void withoutIoUringEpollIsUsedAndAWarningHasAFix() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "SKIPPED: no python3 to block io_uring");
        Path script = Files.writeString(directory.resolve("seccomp.py"), SECCOMP);
        Process process = ProxyProcess.launch(
                List.of("/usr/bin/python3", script.toString()),
                ProxyProcess.environment("http://localhost:1", directory, "TRANSPORT", "io_uring"),
                List.of());
        try {
            List<String> lines = readUntilStarted(process.inputReader());
            assertTrue(lines.getLast().contains("\"transport\":\"epoll\""), lines.toString());
            List<String> warnings = lines.stream()
                    .filter(line -> line.contains("io_uring is not available"))
                    .toList();
            assertEquals(1, warnings.size(), lines.toString());
            assertTrue(warnings.getFirst().contains("\"fix\":\"allow io_uring_setup,"), warnings.toString());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static List<String> readUntilStarted(BufferedReader log) throws Exception {
        List<String> lines = new ArrayList<>();
        do {
            String line = log.readLine();
            assertTrue(line != null, "the proxy exited before it started: " + lines);
            lines.add(line);
        } while (!lines.getLast().contains("\"started\""));
        return lines;
    }
}
