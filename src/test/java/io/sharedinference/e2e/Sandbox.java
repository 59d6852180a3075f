package io.sharedinference.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/** This machine's sandbox: started for the tests if necessary, and then stopped after them. */
final class Sandbox implements AutoCloseable {

    static final Path CHECKOUT = Path.of("").toAbsolutePath();

    private final Map<String, String> environment;
    private final boolean startedHere;

    private Sandbox(Map<String, String> environment, boolean startedHere) {
        this.environment = environment;
        this.startedHere = startedHere;
    }

    /** Always runs {@code sandbox/up}, which is idempotent, so that the sandbox has this checkout's state. */
    static Sandbox up() {
        var wasUp = Outcome.of(CHECKOUT, Map.of(), "./sandbox/env").exit() == 0;
        var up = Outcome.of(CHECKOUT, Map.of("CI", "true"), "./sandbox/up");
        System.out.println(up.output());
        up.succeeded();
        var exported = Outcome.of(CHECKOUT, Map.of(), "bash", "-c", "eval \"$(./sandbox/env 2>/dev/null)\" && env -0")
                .succeeded();
        return new Sandbox(
                Arrays.stream(exported.split("\0"))
                        .map(line -> line.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])),
                !wasUp);
    }

    @Override
    public void close() {
        if (startedHere) {
            Outcome.of(CHECKOUT, Map.of(), "./sandbox/down").succeeded();
        }
    }

    /** Runs a command in the checkout as a user's shell would after {@code eval "$(./sandbox/env)"}. */
    Outcome run(String... command) {
        return Outcome.of(CHECKOUT, environment, command);
    }

    Map<String, String> environment() {
        return environment;
    }

    String kubectl(String arguments) {
        return run(("kubectl " + arguments).split(" ")).succeeded();
    }

    /** The value of one key of a Secret in the cluster. */
    String secret(String namespace, String name, String key) {
        var data = kubectl("-n " + namespace + " get secret " + name + " -o jsonpath={.data." + key + "}");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    /** The directory of the sandbox's copies of the stack files. */
    Path project() {
        return Path.of(environment.get("SHARED_INFERENCE_PROJECT"));
    }

    /** A modifiable copy of the sandbox's configuration of a stack, without the keys' prefix. */
    Map<String, Object> config(String stack) {
        try {
            Map<String, Map<String, Object>> file =
                    new Yaml().load(Files.readString(project().resolve("Pulumi." + stack + ".yaml")));
            var config = new LinkedHashMap<String, Object>();
            file.get("config").forEach((key, value) -> config.put(key.substring(key.indexOf(':') + 1), value));
            config.remove("serviceUsers"); // set by a rotation of the sandbox's tenant
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL of a node port: the address of the node depends on the sandbox's number. */
    String url(int nodePort) {
        var node = URI.create((String) config("shared").get("iamUrl")).getHost();
        return "http://" + node + ":" + nodePort;
    }

    /** The same sandbox with more environment variables. */
    Sandbox with(Map<String, String> settings) {
        var merged = new HashMap<>(environment);
        merged.putAll(settings);
        return new Sandbox(merged, false);
    }
}
