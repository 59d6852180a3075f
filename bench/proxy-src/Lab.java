import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Origin, IAM, the proxy and its peers, all on loopback; terminates only processes that it started. */
final class Lab implements AutoCloseable {
    /** The proxy on each of its transports. */
    static final List<String> PROXIES = List.of("proxy", "proxy-io_uring");

    static final String USER_TOKEN = "bench-user-token-0123456789abcdef0123456789abcdef";
    static final String OTHER_USER_TOKEN = "bench-other-token-0123456789abcdef0123456789abcde";
    private static final String SERVICE_TOKEN = "bench-service-token-0123456789abcdef0123456789ab";
    private static final String ANSWER = """
        {"model_version":"2026-01","completions":[{"completion":" an apple a day","finish_reason":"maximum_tokens"}],\
        "num_tokens_prompt_total":12,"num_tokens_generated":5}\
        """;

    final AtomicLong iamCalls = new AtomicLong();
    private final Path image;
    private final Path directory;
    private final HttpServer iam;
    private final Deque<Running> running = new ArrayDeque<>();

    Lab(Path image) throws IOException {
        this.image = image.toAbsolutePath();
        Path memory = Path.of("/dev/shm");
        directory = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "bench-proxy")
                : Files.createTempDirectory("bench-proxy");
        iam = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        iam.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        iam.createContext("/check_user", exchange -> {
            try (exchange) {
                iamCalls.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                boolean other = ("Bearer " + OTHER_USER_TOKEN)
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"));
                byte[] response = "{\"sub\":\"%s\",\"email\":null,\"email_verified\":null,\"permissions\":[]}"
                        .formatted(other ? "bob" : "alice")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, response.length);
                exchange.getResponseBody().write(response);
            }
        });
        iam.start();
    }

    Path directory() {
        return directory;
    }

    /** nginx with a constant response: the origin of all others. */
    Running origin() throws Exception {
        int port = Running.freePort();
        return nginx("origin", port, """
            access_log off;
            server {
              listen 127.0.0.1:%d reuseport backlog=4096;
              location / { default_type application/json; return 200 '%s'; }
            }
            """.formatted(port, ANSWER));
    }

    /** One of the peers by name, in front of the given origin. */
    Running peer(String name, int origin) throws Exception {
        return switch (name) {
            case "proxy" -> proxy(name, "epoll", origin);
            case "proxy-io_uring" -> proxy(name, "io_uring", origin);
            case "nginx" -> nginxPlain(origin);
            case "nginx-auth" -> nginxAuth(origin);
            case "haproxy" -> haproxy(origin);
            default -> throw new IllegalArgumentException("no peer is called " + name);
        };
    }

    /** nginx as a proxy that authorizes nothing and replaces one header. */
    private Running nginxPlain(int origin) throws Exception {
        int port = Running.freePort();
        return nginx("nginx", port, nginxProxy(port, origin, "", ""));
    }

    /** nginx with the features of the proxy: calls the IAM, caches its response for 10 s, and replaces the token. */
    private Running nginxAuth(int origin) throws Exception {
        int port = Running.freePort();
        Path cache = Files.createDirectories(directory.resolve("auth-cache"));
        return nginx(
                "nginx-auth",
                port,
                nginxProxy(port, origin, """
                    proxy_cache_path %s levels=1:2 keys_zone=auth:10m max_size=64m use_temp_path=off;
                    upstream iam { server 127.0.0.1:%d; keepalive 32; }
                    """.formatted(cache, iam.getAddress().getPort()), """
                    location = /_check_user {
                      internal;
                      proxy_pass http://iam/check_user;
                      proxy_http_version 1.1;
                      proxy_method POST;
                      proxy_set_header Connection "";
                      proxy_set_header Content-Type application/json;
                      proxy_set_body '{"permissions":[]}';
                      proxy_cache auth;
                      proxy_cache_key $http_authorization;
                      proxy_cache_methods GET HEAD POST;
                      proxy_cache_valid 200 10s;
                      proxy_cache_valid 401 403 2s;
                      proxy_cache_lock on;
                    }
                    """)
                        .replace("# auth", "auth_request /_check_user;"));
    }

    private static String nginxProxy(int port, int origin, String before, String inServer) {
        return before
                + """
                log_format line escape=json buffered '';
                upstream origin { server 127.0.0.1:%1$d; keepalive 256; keepalive_requests 100000000; }
                server {
                  listen 127.0.0.1:%2$d reuseport backlog=4096;
                  access_log /dev/null line buffer=64k flush=1s;
                  client_max_body_size 0;
                  location / {
                    # auth
                    proxy_pass http://origin;
                    proxy_http_version 1.1;
                    proxy_request_buffering off;
                    proxy_max_temp_file_size 0;
                    proxy_set_header Connection "";
                    proxy_set_header Authorization "Bearer %3$s";
                  }
                  %4$s
                }
                """.formatted(origin, port, SERVICE_TOKEN, inServer)
                        .replace("line escape=json buffered ''", LOG_FORMAT);
    }

    // the fields of the proxy's log line
    private static final String LOG_FORMAT = """
        line escape=json '{"time":"$time_iso8601","event":"request","request_id":"$request_id","method":"$request_method",\
        "path":"$uri","status":$status,"bytes_received":$request_length,"bytes_sent":$bytes_sent,\
        "duration":$request_time,"first_byte":"$upstream_header_time"}'\
        """;

    private Running nginx(String name, int port, String http) throws Exception {
        Path config = directory.resolve(name + ".conf");
        Files.writeString(config, """
            user root;
            worker_processes 2;
            worker_rlimit_nofile 20000;
            pid %1$s/%2$s.pid;
            error_log %1$s/%2$s.log warn;
            events { worker_connections 9000; }
            http {
              keepalive_requests 100000000;
              keepalive_timeout 600s;
              client_body_temp_path %1$s/%2$s-body;
              proxy_temp_path %1$s/%2$s-proxy;
              fastcgi_temp_path %1$s/%2$s-fastcgi;
              uwsgi_temp_path %1$s/%2$s-uwsgi;
              scgi_temp_path %1$s/%2$s-scgi;
            %3$s
            }
            """.formatted(directory, name, http));
        return start(name, port, Map.of(), List.of("nginx", "-c", config.toString(), "-g", "daemon off;"));
    }

    private Running haproxy(int origin) throws Exception {
        int port = Running.freePort();
        Path config = directory.resolve("haproxy.cfg");
        Files.writeString(config, """
            global
              nbthread 2
              maxconn 9000
            defaults
              mode http
              timeout connect 5s
              timeout client 600s
              timeout server 600s
              http-reuse always
            frontend in
              bind 127.0.0.1:%d
              default_backend origin
            backend origin
              http-request set-header Authorization "Bearer %s"
              server origin 127.0.0.1:%d pool-max-conn 256
            """.formatted(port, SERVICE_TOKEN, origin));
        return start("haproxy", port, Map.of(), List.of("haproxy", "-f", config.toString()));
    }

    /** The proxy on epoll with additional settings. */
    Running proxy(String name, Map<String, String> settings, int origin) throws Exception {
        return proxy(name, "epoll", "http://127.0.0.1:" + origin, Running.freePort(), Running.freePort(), settings)
                .awaitPort();
    }

    /** The proxy from the image's files, started like the image, with the limits of a container of 512 MiB. */
    private Running proxy(String name, String transport, int origin) throws Exception {
        Running proxy = proxy(name, transport, "http://127.0.0.1:" + origin, Running.freePort(), Running.freePort())
                .awaitPort();
        // it falls back to epoll if io_uring is forbidden, and would be measured under the wrong name
        if (transport.equals("io_uring") != proxy.usesIoUring()) {
            throw new IllegalStateException(name + " does not run on " + transport);
        }
        return proxy;
    }

    /** Without waiting for the port. */
    Running proxy(String name, String transport, String sharedApi, int port, int opsPort) throws Exception {
        return proxy(name, transport, sharedApi, port, opsPort, Map.of());
    }

    private Running proxy(
            String name, String transport, String sharedApi, int port, int opsPort, Map<String, String> settings)
            throws Exception {
        Path secret = Files.createDirectories(directory.resolve("secret-" + port));
        Files.writeString(secret.resolve("remote-inference-api-url"), sharedApi);
        Files.writeString(secret.resolve("remote-inference-api-token"), SERVICE_TOKEN);
        Map<String, String> environment = new HashMap<>(Map.of(
                "TRANSPORT",
                transport,
                "IAM_URL",
                "http://127.0.0.1:" + iam.getAddress().getPort(),
                "SECRET_DIRECTORY",
                secret.toString(),
                "DRAIN_DELAY",
                "0ms",
                "DRAIN_TIMEOUT",
                "1s",
                "API_PORT",
                String.valueOf(port),
                "OPS_PORT",
                String.valueOf(opsPort)));
        environment.putAll(settings);
        return launch(name, port, environment, proxyCommand());
    }

    private List<String> proxyCommand() {
        Path app = image.resolve("app");
        List<String> command = new ArrayList<>(List.of(
                image.resolve("jre/bin/java").toString(),
                "@" + app.resolve("jvm.options"),
                "-Djava.library.path=" + app,
                "-XX:AOTCache=" + app.resolve("proxy.aot"),
                // base of MaxRAMPercentage
                "-XX:MaxRAM=512m"));
        command.addAll(
                Arrays.asList(System.getenv().getOrDefault("PROXY_FLAGS", "").split(" ")));
        command.removeIf(String::isEmpty);
        command.addAll(List.of("-jar", app.resolve("inference-api-proxy.jar").toString()));
        return command;
    }

    static String javaCommand() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    Running start(String name, int port, Map<String, String> environment, List<String> command) throws Exception {
        return launch(name, port, environment, command).awaitPort();
    }

    private Running launch(String name, int port, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(directory.resolve(name + ".err").toFile());
        builder.environment().putAll(environment);
        Running started = new Running(name, builder.start(), port);
        running.push(started);
        return started;
    }

    void stop(Running one) {
        one.close();
        running.remove(one);
    }

    @Override
    public void close() throws IOException {
        running.forEach(Running::close);
        iam.stop(0);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
