package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.sharedinference.proxy.ops.Json;

/**
 * An answer of the proxy's own, told from the shared API's by its header.
 *
 * @param withBody false for HEAD, whose answers have none
 * @param closes whether the connection ends after it
 */
record ErrorAnswer(Refusal refusal, String description, String requestId, boolean withBody, boolean closes) {
    ByteBuf write(ByteBufAllocator allocator) {
        String body = body();
        StringBuilder text = new StringBuilder(512)
                .append("HTTP/1.1 ").append(refusal.status()).append(' ').append(refusal.reason()).append("\r\n")
                .append("Content-Type: application/json\r\n")
                .append("Content-Length: ").append(body.length()).append("\r\n")
                .append("X-Inference-Proxy-Error: ").append(refusal.code()).append("\r\n")
                .append(refusal.headers());
        if (closes) {
            text.append("Connection: close\r\n");
        }
        text.append("\r\n");
        if (withBody) {
            text.append(body);
        }
        return ByteBufUtil.writeAscii(allocator, text);
    }

    /** ASCII, so that its characters are its bytes. */
    private String body() {
        StringBuilder json = new StringBuilder(256).append("{\"error\":");
        Json.quote(json, refusal.code());
        json.append(",\"error_description\":");
        Json.quote(json, description);
        json.append(",\"request_id\":");
        Json.quote(json, requestId);
        return json.append("}\n").toString();
    }
}
