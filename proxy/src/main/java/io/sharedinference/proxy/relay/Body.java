package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.sharedinference.proxy.usage.BodyScan;

/** Where a message's body ends. Fed with the bytes as they come; shows them to a scan, never holds or changes them. */
sealed interface Body permits Body.Length, Body.UntilClose, ChunkedBody {
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
        private final BodyScan scan;
        private long remaining;

        Length(long length, BodyScan scan) {
            this.remaining = length;
            this.scan = scan;
        }

        @Override
        public int accept(ByteBuf in) {
            int count = (int) Math.min(remaining, in.readableBytes());
            remaining -= count;
            scan.take(in, in.readerIndex(), count);
            return count;
        }

        @Override
        public boolean complete() {
            return remaining == 0;
        }
    }

    /** Everything until the connection ends; answers only. */
    final class UntilClose implements Body {
        private final BodyScan scan;

        UntilClose(BodyScan scan) {
            this.scan = scan;
        }

        @Override
        public int accept(ByteBuf in) {
            scan.take(in, in.readerIndex(), in.readableBytes());
            return in.readableBytes();
        }

        @Override
        public boolean complete() {
            return false;
        }
    }
}
