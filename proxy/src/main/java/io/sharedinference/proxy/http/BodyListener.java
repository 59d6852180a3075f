package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;

/** Observes the data of bodies, without their framing, as they are forwarded. Confined to its event loop. */
public interface BodyListener {
    /** Ignores bodies. */
    BodyListener NONE = new BodyListener() {
        @Override
        public void begin(ContentKind kind) {}

        @Override
        public void data(ByteBuf in, int from, int count) {}
    };

    /** A body begins. */
    void begin(ContentKind kind);

    /** The next {@code count} bytes of its data. The buffer's position must not change. */
    void data(ByteBuf in, int from, int count);
}
