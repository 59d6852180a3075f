package io.sharedinference.verify;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Whether an inference API lets a token in. Thread-safe. */
public final class Access {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Http http;

    /** @param cas CA certificates to trust besides the JDK's, in PEM */
    public Access(Optional<Path> cas) {
        this.http = new Http(PATIENCE, cas);
    }

    /** What became of a call with the token. No field holds it. */
    public sealed interface Result {

        record Accepted(int models) implements Result {}

        /** The API answered 401. */
        record Refused() implements Result {}

        /** Neither: the API wasn't reached, or answered something else. */
        record Unknown(String why) implements Result {}
    }

    public Result of(Installation api) {
        try {
            Answer answer = http.get(api, "model-settings", Optional.of(api.token()), new Phases());
            if (answer.status() == 401) {
                return new Result.Refused();
            }
            return answer.models()
                    .<Result>map(models -> new Result.Accepted(models.size()))
                    .orElseGet(() -> new Result.Unknown(api.url() + " answered " + answer.summary()));
        } catch (HopFailure e) {
            return new Result.Unknown(e.getMessage());
        }
    }
}
