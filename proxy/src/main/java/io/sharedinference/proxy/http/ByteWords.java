package io.sharedinference.proxy.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes as one word, to search text eight bytes at a time. */
public final class ByteWords {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private ByteWords() {}

    /** The eight bytes from {@code index}. */
    public static long at(byte[] bytes, int index) {
        return (long) LONGS.get(bytes, index);
    }

    /** Not zero if one of the eight bytes is the ASCII character. */
    public static long with(long word, char c) {
        long zero = word ^ ONES * c;
        return zero - ONES & ~zero & TOPS;
    }
}
