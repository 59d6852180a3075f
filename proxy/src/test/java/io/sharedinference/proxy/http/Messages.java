package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** HTTP messages for tests, written with plain line feeds. */
public final class Messages {
    private Messages() {}

    public static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    public static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
