package io.sharedinference.standins.inference;

import io.sharedinference.standins.server.HttpError;
import io.sharedinference.standins.server.StandInServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The sandbox's stand-in for PhariaInference: serves its routes with responses that echo the request. */
public final class Main {
    private static final int GRACE_SECONDS = 20;

    private Main() {}

    /** Environment variables: PORT (8080), IAM_URL (http://pharia-iam) and CONFIG_FILE (/etc/inference-api/config.json). */
    public static void main(String[] args) {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        URI iam = URI.create(System.getenv().getOrDefault("IAM_URL", "http://pharia-iam"));
        Path config = Path.of(System.getenv().getOrDefault("CONFIG_FILE", "/etc/inference-api/config.json"));
        start(port, iam, config, Thread::sleep, System.out::println).stopOnTermination(GRACE_SECONDS);
        System.out.println("STAND-IN for PhariaInference, for sandboxes only, listening on port " + port);
    }

    /** Waits between two events. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration delay) throws InterruptedException;

        /** @throws HttpError 503 if the stand-in is stopped while waiting */
        default void pass(Duration delay) {
            try {
                of(delay);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HttpError(503, "stopping", "the stand-in is stopping");
            }
        }
    }

    /**
     * Starts with a configuration file of {@code sandbox/chart}: {@code version}, {@code models} (the array that
     * {@code model-settings} returns), {@code stream.events} and {@code stream.delayMillis}.
     *
     * @throws IllegalArgumentException if the file is missing or invalid
     */
    public static StandInServer start(int port, URI iam, Path configFile, Pause pause, Consumer<String> log) {
        InferenceConfig config = InferenceConfig.read(configFile);
        return StandInServer.start(port, log, new InferenceApi(config, new TokenCheck(iam), pause));
    }
}
