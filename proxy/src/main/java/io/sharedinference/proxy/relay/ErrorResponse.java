package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.sharedinference.proxy.telemetry.AccessEntry;
import io.sharedinference.proxy.telemetry.Json;

/**
 * A response of the proxy itself, which a header distinguishes from the shared API's.
 *
 * @param headers additional header lines, each with its CRLF
 * @param withBody false for HEAD requests
 * @param closes whether the connection closes after it
 */
record ErrorResponse(ProxyError error, String description, String headers, boolean withBody, boolean closes) {
    static final String HEADER = "X-Inference-Proxy-Error";

    /** Writes the response to the client and ends the entry of its request. */
    void send(ClientSocket client, AccessEntry entry) {
        ByteBuf bytes = write(entry.requestId(), client.allocator());
        entry.sent(bytes.readableBytes());
        entry.rejected(error.status(), error.code());
        client.write(bytes);
    }

    private ByteBuf write(String requestId, ByteBufAllocator allocator) {
        String body = body(requestId);
        StringBuilder text = new StringBuilder(512);
        header(text, body.length());
        if (withBody) {
            text.append(body);
        }
        return ByteBufUtil.writeAscii(allocator, text);
    }

    private void header(StringBuilder text, int bodyLength) {
        text.append("HTTP/1.1 ")
                .append(error.status())
                .append(' ')
                .append(error.reason())
                .append("\r\n")
                .append("Content-Type: application/json\r\n")
                .append("Content-Length: ")
                .append(bodyLength)
                .append("\r\n")
                .append(HEADER + ": ")
                .append(error.code())
                .append("\r\n")
                .append(error.headers())
                .append(headers)
                .append(closes ? "Connection: close\r\n\r\n" : "\r\n");
    }

    /** ASCII, so that its characters are its bytes. */
    private String body(String requestId) {
        StringBuilder json = new StringBuilder(256).append("{\"error\":");
        Json.quote(json, error.code());
        json.append(",\"error_description\":");
        Json.quote(json, description);
        json.append(",\"request_id\":");
        Json.quote(json, requestId);
        return json.append("}\n").toString();
    }
}
