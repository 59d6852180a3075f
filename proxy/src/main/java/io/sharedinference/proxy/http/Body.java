package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;

/** Where a message's body ends. Fed with the bytes as they come; shows them to a scan, never holds or changes them. */
public sealed interface Body permits Body.Length, Body.UntilClose, ChunkedBody {
    /**
     * Tells how many of the readable bytes belong to the body; the next call must start behind them.
     *
     * @throws ProtocolException when they can't be a body of this kind
     */
    int accept(ByteBuf in) throws ProtocolException;

    /** Whether the body has ended. */
    boolean complete();

    /** So many bytes. */
    final class Length implements Body {
        private final BodyListener listener;
        private long remaining;

    public     Length(long length, BodyListener listener) {
            this.remaining = length;
            this.listener = listener;
        }

        @Override
        public int accept(ByteBuf in) {
            int count = (int) Math.min(remaining, in.readableBytes());
            remaining -= count;
            listener.data(in, in.readerIndex(), count);
            return count;
        }

        @Override
        public boolean complete() {
            return remaining == 0;
        }
    }

    /** Everything until the connection ends; answers only. */
    final class UntilClose implements Body {
        private final BodyListener listener;

        UntilClose(BodyListener listener) {
            this.listener = listener;
        }

        @Override
        public int accept(ByteBuf in) {
            listener.data(in, in.readerIndex(), in.readableBytes());
            return in.readableBytes();
        }

        @Override
        public boolean complete() {
            return false;
        }
    }
}
