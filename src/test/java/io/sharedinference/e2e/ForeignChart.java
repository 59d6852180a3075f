package io.sharedinference.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The sandbox's chart with another Deployment of the proxy: a chart that was not written for this project's image. */
record ForeignChart(Path directory) {

    private static final Path PROXY = Path.of("charts", "inference-api-proxy", "templates", "proxy.yaml");
    private static final String PODS = "      containers:\n";
    private static final String NEXT_OBJECT = "---\n";

    /** Both keys of the Secret as environment variables: read when the container starts, and never again. */
    private static final String KEYS = """
                  env:
                    - name: REMOTE_INFERENCE_API_URL
                      valueFrom: {secretKeyRef: {name: inference-api-proxy-secret, key: remote-inference-api-url}}
                    - name: REMOTE_INFERENCE_API_TOKEN
                      valueFrom: {secretKeyRef: {name: inference-api-proxy-secret, key: remote-inference-api-token}}
                  volumeMounts:
                    - {name: tmp, mountPath: /tmp}
              volumes:
                - {name: tmp, emptyDir: {}}
        """;

    /** With a proxy of its own, which is no image of this project's. */
    static ForeignChart withProxyOfItsOwn(Path directory) {
        return copy(directory, """
                      containers:
                        - name: vendor-proxy
                          {{- include "workload.standIn" (dict "context" . "mainClass" "io.sharedinference.standins.proxy.Main") | nindent 10 }}
                """ + KEYS);
    }

    /** With this project's image, and no more than the two keys: neither a mounted Secret nor the address of the IAM. */
    static ForeignChart withKeysInTheEnvironment(Path directory) {
        return copy(directory, """
                      containers:
                        - name: proxy
                          image: {{ include "workload.image" . }}
                          ports:
                            - {name: http, containerPort: 8080}
                          readinessProbe:
                            httpGet: {path: /readyz, port: 8081}
                            periodSeconds: 1
                          {{- include "workload.containerSecurity" . | nindent 10 }}
                """ + KEYS);
    }

    private static ForeignChart copy(Path directory, String pods) {
        var source = Sandbox.CHECKOUT.resolve("sandbox/chart");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(source.relativize(file).toString()));
            }
            var template = Files.readString(directory.resolve(PROXY));
            int start = template.indexOf(PODS);
            int end = template.indexOf(NEXT_OBJECT, start);
            Files.writeString(directory.resolve(PROXY), template.substring(0, start) + pods + template.substring(end));
            return new ForeignChart(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A values file that gives the chart's proxy the image that the sandbox's IAM has. */
    Path imageOfStandIns(Sandbox sandbox, Path file) {
        try {
            String images = Files.readString(sandbox.project().resolve("stand-ins.yaml"));
            var own = images.lines()
                    .filter(line -> line.startsWith("pharia-iam:"))
                    .findFirst()
                    .orElseThrow();
            var repository = "sandbox/stand-ins";
            return Files.writeString(
                    file,
                    own.replace(
                            "pharia-iam: {image: {", "inference-api-proxy: {image: {repository: " + repository + ", "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
