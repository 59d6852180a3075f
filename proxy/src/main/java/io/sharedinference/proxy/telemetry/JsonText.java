package io.sharedinference.proxy.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end of plain text in JSON strings, eight bytes at a time: most of a body is text. */
final class JsonText {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private JsonText() {
    }

    /** The index of the first quote, backslash or line break, or {@code end}. */
    static int end(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long word = (long) LONGS.get(bytes, at);
            if ((with(word, '"') | with(word, '\\') | with(word, '\n') | with(word, '\r')) != 0) {
                break;
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] != '"' && bytes[at] != '\\' && !lineEnd(bytes[at])) {
            at++;
        }
        return at;
    }

    static boolean lineEnd(byte c) {
        return c == '\n' || c == '\r';
    }

    /** Not zero if one of the eight bytes is the character. */
    private static long with(long word, char c) {
        long zero = word ^ ONES * c;
        return zero - ONES & ~zero & TOPS;
    }
}
