package io.sharedinference.proxy.upstream;

import io.netty.buffer.ByteBuf;

/** Callbacks for one exchange with the shared API. Called on its event loop only. */
public interface UpstreamHandler {
    /** A new or pooled connection is available, until it is released or closed. */
    void connected(UpstreamConnection connection);

    /** No connection is available; {@code reason} is for logs and contains no secret. */
    void unreachable(String reason);

    /** Bytes were received. The handler releases them. */
    void received(ByteBuf bytes);

    /** The read is complete. */
    void receivedAll();

    /** The connection became writable or not writable. */
    void writabilityChanged();

    /** An error of the proxy, not of the network. The connection is closed next. */
    void unexpected(Throwable cause);

    /** The shared API closed the connection; {@code clean}: without an error. */
    void closed(boolean clean);
}
