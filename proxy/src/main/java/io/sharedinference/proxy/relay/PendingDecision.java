package io.sharedinference.proxy.relay;

import io.netty.channel.EventLoop;
import io.sharedinference.proxy.auth.Decision;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A decision that an exchange waits for. Once cancelled, nothing keeps the exchange in memory. Confined to its event loop. */
final class PendingDecision {
    private final int tokenLength;
    private Optional<Consumer<Decision>> reader;

    PendingDecision(CompletableFuture<Decision> decision, int tokenLength, EventLoop loop, Consumer<Decision> reader) {
        this.tokenLength = tokenLength;
        this.reader = Optional.of(reader);
        decision.thenAccept(made -> loop.execute(() -> this.reader.ifPresent(waiting -> waiting.accept(made))));
    }

    /** Memory in use, in bytes. */
    int heldBytes() {
        return tokenLength;
    }

    void cancel() {
        reader = Optional.empty();
    }
}
