package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;

/** Finds the end of a message body. Shows its data to a listener; neither buffers nor changes it. */
public sealed interface Body permits Body.Length, Body.UntilClose, ChunkedBody {
    /**
     * Returns how many of the readable bytes belong to the body. The next call must start after them.
     *
     * @throws ProtocolException if the framing is invalid
     */
    int accept(ByteBuf in) throws ProtocolException;

    /** Whether the body is complete. */
    boolean complete();

    /** A body with a Content-Length. */
    final class Length implements Body {
        private final BodyListener listener;
        private long remaining;

        Length(long length, BodyListener listener) {
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

        /** The bytes that are still to come. */
        public long remaining() {
            return remaining;
        }
    }

    /** A response body that ends when the connection closes. */
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
