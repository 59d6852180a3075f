package io.sharedinference.chart;

import io.sharedinference.program.Values;
import io.sharedinference.project.InstallationConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Read-only commands of the user's {@code helm} (3.13 or later) for one release. */
record Helm(InstallationConfig config, Path checkout, String program) {

    Helm(InstallationConfig config, Path checkout) {
        this(config, checkout, "helm");
    }

    /** Not the common pool: when waiting commands occupy it, nothing reads their output, and they block. */
    static final Executor THREADS = task -> {
        var thread = new Thread(task, "helm");
        thread.setDaemon(true);
        thread.start();
    };

    private static final long TIMEOUT_SECONDS = 120; // includes the download of a chart

    /** Manifest and hooks of the deployed revision; empty if the release does not exist. */
    Optional<String> deployedWithHooks() {
        return deployed("{{.Release.Manifest}}\n{{range .Release.Hooks}}---\n{{.Manifest}}\n{{end}}");
    }

    /** Manifest of the deployed revision, without hooks, which Helm may have deleted. */
    Optional<String> deployed() {
        return deployed("{{.Release.Manifest}}");
    }

    private Optional<String> deployed(String template) {
        try {
            return Optional.of(run(Map.of(), "", "get", "all", config.releaseName(), "--template", template));
        } catch (ChartException e) {
            if (e.getMessage().contains("release: not found")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Renders with the cluster's API versions and lookups. Helm 3 needs two flags for that, Helm 4 one. */
    String renderWithCluster(Values values) {
        try {
            return render(values, "--validate", "--dry-run=server");
        } catch (ChartException e) {
            if (e.getMessage().contains("[validate dry-run]")) {
                return render(values, "--dry-run=server");
            }
            throw e;
        }
    }

    /** Renders without access to a cluster. */
    String renderOffline(Values values) {
        return render(values);
    }

    private String render(Values values, String... mode) {
        if (config.chart().credentials().isEmpty()) {
            return render(values, chart(), Map.of(), mode);
        }
        try (var login = HelmLogin.of(config.chart())) {
            run(login.environment(), login.password(), login.command());
            return render(values, login.chart(), login.environment(), mode);
        }
    }

    private String render(Values values, String chart, Map<String, String> environment, String... mode) {
        var arguments = new ArrayList<>(List.of("template", config.releaseName(), chart));
        config.chart()
                .repository()
                .filter(url -> environment.isEmpty())
                .ifPresent(url -> arguments.addAll(List.of("--repo", url)));
        config.chart().version().ifPresent(version -> arguments.addAll(List.of("--version", version)));
        arguments.addAll(List.of("--is-upgrade", "--skip-tests", "--values", "-"));
        arguments.addAll(List.of(mode));
        // on standard input, because values may contain secrets
        return run(environment, values.json().toString(), arguments.toArray(String[]::new));
    }

    private String chart() {
        var local = checkout.resolve(config.chart().name());
        return config.chart().repository().isEmpty() && Files.exists(local)
                ? local.toString()
                : config.chart().name();
    }

    private String run(Map<String, String> environment, String input, String... arguments) {
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "--namespace",
                config.namespace(),
                "--kube-context",
                config.cluster().context()));
        config.cluster()
                .kubeconfig()
                .ifPresent(file -> command.addAll(
                        List.of("--kubeconfig", checkout.resolve(file).toString())));
        try {
            var builder = new ProcessBuilder(command).directory(checkout.toFile());
            builder.environment().putAll(environment);
            return output(builder.start(), input);
        } catch (IOException e) {
            throw new ChartException("cannot run helm: " + e.getMessage()
                    + "\nFix: install Helm 3.13 or later (https://helm.sh/docs/intro/install) and put it on PATH.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChartException("helm was interrupted.\nFix: run the same command again.");
        }
    }

    private static String output(Process helm, String input) throws IOException, InterruptedException {
        var error = CompletableFuture.supplyAsync(() -> text(helm.getErrorStream()), THREADS);
        var output = CompletableFuture.supplyAsync(() -> text(helm.getInputStream()), THREADS);
        try (var stdin = helm.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // exited before it read all input; the exit code is checked below
        }
        if (!helm.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            helm.destroyForcibly();
            throw new ChartException(
                    "helm did not finish within " + TIMEOUT_SECONDS
                            + " s.\nFix: check that the cluster and the chart repository respond, then run the same command again.");
        }
        if (helm.exitValue() != 0) {
            throw new ChartException(error.join().strip());
        }
        return output.join();
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
