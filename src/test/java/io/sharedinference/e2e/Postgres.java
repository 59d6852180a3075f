package io.sharedinference.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A temporary PostgreSQL on loopback; {@code sandbox/postgres} installs it if it is missing. */
final class Postgres implements AutoCloseable {

    static final String PASSWORD = "not-to-be-stored";

    private final Path programs;
    private final int port;
    private final Process server;

    private Postgres(Path programs, int port, Process server) {
        this.programs = programs;
        this.port = port;
        this.server = server;
    }

    /** @param directory of the database; its permissions are changed so that the server's user can enter it */
    static Postgres start(Sandbox sandbox, Path directory) throws IOException {
        var programs = Path.of(lastLine(sandbox.run("./sandbox/postgres").succeeded()));
        var data = directory.resolve("data");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        var password = Files.writeString(directory.resolve("password"), PASSWORD);
        // the server refuses to run as root
        sandbox.run("install", "-d", "-o", "postgres", "-m", "700", data.toString())
                .succeeded();
        sandbox.run("chown", "postgres", password.toString()).succeeded();
        sandbox.run(asPostgres(programs, "initdb", "--pgdata=" + data, "--username=pulumi", "--pwfile=" + password)
                        .with("--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C")
                        .words())
                .succeeded();
        var port = freePort();
        var server = new ProcessBuilder(asPostgres(programs, "postgres", "-D", data.toString(), "-p", "" + port)
                        .with("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off")
                        .words())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        var postgres = new Postgres(programs, port, server);
        postgres.awaitReady();
        postgres.client("createdb", "pulumi").succeeded();
        return postgres;
    }

    private record Command(List<String> list) {

        Command with(String... more) {
            var all = new ArrayList<>(list);
            all.addAll(List.of(more));
            return new Command(all);
        }

        String[] words() {
            return list.toArray(String[]::new);
        }
    }

    private static Command asPostgres(Path programs, String program, String... arguments) {
        return new Command(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"))
                .with(programs.resolve(program).toString())
                .with(arguments);
    }

    private static String lastLine(String output) {
        var lines = output.lines().toList();
        return lines.get(lines.size() - 1);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() {
        var end = Instant.now().plus(Duration.ofMinutes(1));
        while (client("psql", "--dbname=postgres", "--command=select 1").exit() != 0) {
            if (!server.isAlive() || Instant.now().isAfter(end)) {
                throw new IllegalStateException("PostgreSQL is not ready on port " + port);
            }
        }
    }

    /** The CLI's environment: the backend's URL, and separately the password. */
    Map<String, String> environment() {
        return Map.of("PULUMI_BACKEND_URL", url(), "PGPASSWORD", PASSWORD);
    }

    String url() {
        return "postgres://pulumi@127.0.0.1:" + port + "/pulumi?sslmode=disable";
    }

    /** Every row, stored and decoded. */
    String rows() {
        return query("select key, data from pulumi_state") + contents("%");
    }

    /** The decoded contents of the rows whose keys match the pattern. */
    String contents(String pattern) {
        return query("select convert_from(decode(data->>'data', 'base64'), 'UTF8') from pulumi_state where key like '"
                + pattern + "'");
    }

    String keys() {
        return query("select key from pulumi_state");
    }

    private String query(String sql) {
        return client("psql", "--dbname=pulumi", "--no-align", "--tuples-only", "--command=" + sql)
                .succeeded();
    }

    private Outcome client(String program, String... arguments) {
        var words = new Command(List.of(programs.resolve(program).toString()))
                .with("--host=127.0.0.1", "--port=" + port, "--username=pulumi")
                .with(arguments);
        return Outcome.of(Sandbox.CHECKOUT, Map.of("PGPASSWORD", PASSWORD), words.words());
    }

    @Override
    public void close() {
        server.destroy();
        try {
            if (!server.waitFor(30, TimeUnit.SECONDS)) {
                server.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
