package io.sharedinference.proxy.upstream;

import io.netty.buffer.ByteBuf;

/** Whoever has a connection to the shared API for the length of one exchange. Called on the event loop only. */
public interface UpstreamHandler {
    /** The connection is there, new or taken from the pool, and is the user's until released or closed. */
    void connected(UpstreamConnection connection);

    /** There will be no connection; {@code reason} is for people and names no secret. */
    void unreachable(String reason);

    /** Bytes came; the user releases them. */
    void received(ByteBuf bytes);

    /** No more bytes for the moment. */
    void receivedAll();

    /** The socket's buffer filled up or emptied. */
    void writabilityChanged();

    /** A failure of this program and not of the network; the connection closes next. */
    void unexpected(Throwable cause);

    /** The shared API closed the connection; {@code clean} when it did so by its own will, at the end of its bytes. */
    void closed(boolean clean);
}
