package io.sharedinference.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Searches places where tokens could leak for their plain, base64 and hexadecimal forms. */
final class TokenSearch {

    private final Sandbox sandbox;
    private final List<String> encodedTokens;
    private final List<String> findings = new ArrayList<>();

    TokenSearch(Sandbox sandbox, List<String> tokens) {
        this.sandbox = sandbox;
        this.encodedTokens = tokens.stream().flatMap(TokenSearch::forms).toList();
    }

    private static Stream<String> forms(String token) {
        var hex = HexFormat.of().formatHex(token.getBytes(StandardCharsets.UTF_8));
        var base64 = base64(token);
        return Stream.of(token, base64, base64(base64), hex, hex.toUpperCase(Locale.ROOT));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    List<String> findings() {
        return findings;
    }

    void inText(String location, String text) {
        encodedTokens.stream().filter(text::contains).forEach(token -> findings.add(location));
    }

    void inDirectory(Path directory) {
        try (var files = Files.walk(directory)) {
            files.filter(Files::isRegularFile).forEach(file -> inText(file.toString(), read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Specifications, status, events and the logs of every container. */
    void inPods(List<String> namespaces) {
        for (var namespace : namespaces) {
            inText(
                    "objects of " + namespace,
                    sandbox.kubectl(
                            "-n " + namespace + " get pods,deployments,configmaps,events,networkpolicies -o yaml"));
            for (var pod : sandbox.kubectl("-n " + namespace + " get pods -o name")
                    .lines()
                    .toList()) {
                inText(
                        "log of " + namespace + "/" + pod,
                        sandbox.kubectl("-n " + namespace + " logs --all-containers " + pod));
            }
        }
    }

    /** Helm releases with their values and manifests: base64 of base64 of gzip. */
    void inReleases(List<String> namespaces) {
        for (var namespace : namespaces) {
            var releases = sandbox.kubectl(
                    "-n " + namespace + " get secrets -l owner=helm -o jsonpath={.items[*].data.release}");
            for (var release : releases.split(" ")) {
                inText("Helm release in " + namespace, unzip(release));
            }
        }
    }

    /** Arguments and environments of every process of this machine, containers included, except the one that tests run in. */
    void inProcesses() {
        try (var processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .forEach(process -> {
                        inText("arguments of " + process, read(process.resolve("cmdline")));
                        inText("environment of " + process, read(process.resolve("environ")));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void inImage(String reference) {
        inText(
                "configuration of " + reference,
                sandbox.run("crane", "--insecure", "config", reference).succeeded());
        inText(
                "files of " + reference,
                sandbox.run("crane", "--insecure", "export", reference, "-").succeeded());
    }

    private static String unzip(String release) {
        var zipped = Base64.getDecoder().decode(Base64.getDecoder().decode(release));
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException missing) {
            return "";
        }
    }
}
