package io.sharedinference.proxy.usage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the ends of lines, eight bytes at a time: most of a stream is one long line after the other. */
final class LineEnd {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private LineEnd() {
    }

    /** The index of the first CR or LF, or {@code end}. */
    static int find(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long word = (long) LONGS.get(bytes, at);
            if ((with(word, '\n') | with(word, '\r')) != 0) {
                break;
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    /** Not zero if one of the eight bytes is the character. */
    private static long with(long word, char c) {
        long zero = word ^ ONES * c;
        return zero - ONES & ~zero & TOPS;
    }
}
