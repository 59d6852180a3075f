package io.sharedinference.proxy.relay;

import io.netty.channel.EventLoop;
import io.sharedinference.proxy.auth.Decision;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A decision of the IAM's on its way to an exchange: nothing of one that has ended is kept until it comes. Confined to its event loop. */
final class PendingDecision {
    private final int tokenLength;
    private Optional<Consumer<Decision>> reader;

    PendingDecision(CompletableFuture<Decision> decision, int tokenLength, EventLoop loop, Consumer<Decision> reader) {
        this.tokenLength = tokenLength;
        this.reader = Optional.of(reader);
        decision.thenAccept(made -> loop.execute(() -> this.reader.ifPresent(waiting -> waiting.accept(made))));
    }

    /** Bytes of memory that it takes. */
    int heldBytes() {
        return tokenLength;
    }

    void cancel() {
        reader = Optional.empty();
    }
}
