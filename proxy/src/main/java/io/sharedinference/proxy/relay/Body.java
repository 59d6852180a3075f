package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;

/** Where a message's body ends. Fed with the bytes as they come; never holds or changes them. */
sealed interface Body permits Body.Length, Body.UntilClose, ChunkedBody {
    /**
     * Tells how many of the readable bytes belong to the body; the next call must start behind them.
     *
     * @throws ProtocolException when they can't be a body of this kind
     */
    int accept(ByteBuf in) throws ProtocolException;

    /** Whether the body has ended. */
    boolean complete();

    static Body none() {
        return new Length(0);
    }

    /** So many bytes. */
    final class Length implements Body {
        private long remaining;

        Length(long length) {
            this.remaining = length;
        }

        @Override
        public int accept(ByteBuf in) {
            int count = (int) Math.min(remaining, in.readableBytes());
            remaining -= count;
            return count;
        }

        @Override
        public boolean complete() {
            return remaining == 0;
        }
    }

    /** Everything until the connection ends; answers only. */
    final class UntilClose implements Body {
        @Override
        public int accept(ByteBuf in) {
            return in.readableBytes();
        }

        @Override
        public boolean complete() {
            return false;
        }
    }
}
