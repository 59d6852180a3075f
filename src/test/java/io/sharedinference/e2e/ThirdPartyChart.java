package io.sharedinference.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The sandbox's chart with another Deployment of the proxy, not written for this project's image. */
record ThirdPartyChart(Path directory) {

    private static final Path PROXY = Path.of("charts", "inference-api-proxy", "templates", "proxy.yaml");
    private static final String CONTAINERS = "      containers:\n";
    private static final String NEXT_OBJECT = "---\n";

    /** Both keys of the Secret as environment variables, which a container reads only when it starts. */
    private static final String ENVIRONMENT = """
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

    /** With its own proxy image. */
    static ThirdPartyChart withItsOwnProxy(Path directory) {
        return copy(directory, """
                      containers:
                        - name: vendor-proxy
                          {{- include "workload.standIn" (dict "context" . "mainClass" "io.sharedinference.standins.proxy.Main") | nindent 10 }}
                """ + ENVIRONMENT);
    }

    /** With this project's image and only the two keys: without a mounted Secret or the IAM's address. */
    static ThirdPartyChart withSecretInTheEnvironment(Path directory) {
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
                """ + ENVIRONMENT);
    }

    private static ThirdPartyChart copy(Path directory, String pods) {
        var source = Sandbox.CHECKOUT.resolve("sandbox/chart");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(source.relativize(file).toString()));
            }
            var template = Files.readString(directory.resolve(PROXY));
            int start = template.indexOf(CONTAINERS);
            int end = template.indexOf(NEXT_OBJECT, start);
            Files.writeString(directory.resolve(PROXY), template.substring(0, start) + pods + template.substring(end));
            return new ThirdPartyChart(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A values file that sets the stand-ins' image for the chart's proxy. */
    Path standInImageValues(Sandbox sandbox, Path file) {
        try {
            String images = Files.readString(sandbox.project().resolve("stand-ins.yaml"));
            var iamImage = images.lines()
                    .filter(line -> line.startsWith("pharia-iam:"))
                    .findFirst()
                    .orElseThrow();
            var repository = "sandbox/stand-ins";
            return Files.writeString(
                    file,
                    iamImage.replace(
                            "pharia-iam: {image: {", "inference-api-proxy: {image: {repository: " + repository + ", "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
