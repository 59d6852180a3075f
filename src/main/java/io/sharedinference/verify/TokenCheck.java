package io.sharedinference.verify;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Checks whether an inference API accepts a token. Thread-safe. */
public final class TokenCheck {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ApiClient http;

    /** @param caFile file of CA certificates, in PEM, to trust in addition to the JDK's */
    public TokenCheck(Optional<Path> caFile) {
        this.http = new ApiClient(TIMEOUT, caFile);
    }

    /** The outcome of a call with the token. No field contains the token. */
    public sealed interface Result {

        record Accepted(int models) implements Result {}

        /** The API answered 401. */
        record Rejected() implements Result {}

        /** The API was not reached or gave another response. */
        record Unknown(String reason) implements Result {}
    }

    public Result check(ApiEndpoint api) {
        try {
            ApiResponse response = http.get(api, "model-settings", Optional.of(api.token()), new ConnectionPhases());
            if (response.status() == 401) {
                return new Result.Rejected();
            }
            return response.models()
                    .<Result>map(models -> new Result.Accepted(models.size()))
                    .orElseGet(() -> new Result.Unknown(api.url() + " answered " + response.summary()));
        } catch (HopException e) {
            return new Result.Unknown(e.getMessage());
        }
    }
}
