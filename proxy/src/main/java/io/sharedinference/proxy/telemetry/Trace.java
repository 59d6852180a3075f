package io.sharedinference.proxy.telemetry;

import io.netty.buffer.ByteBuf;
import io.sharedinference.proxy.http.Ascii;
import io.sharedinference.proxy.http.Field;
import io.sharedinference.proxy.http.HeaderSection;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The trace of a request, by W3C Trace Context: the client's if its {@code traceparent} is valid, otherwise a new one if
 * configured. One per parser; each {@code read} replaces the previous trace.
 */
public final class Trace {
    private static final byte[] NAME = "traceparent: 00-".getBytes(StandardCharsets.US_ASCII);
    private static final long ONES = 0x0101010101010101L;
    private static final int LENGTH = 55;
    private static final int TRACE = 3;
    private static final int PARENT = 36;
    private static final int FLAGS = 53;

    private final TraceStart start;
    private boolean started;
    private long high;
    private long low;

    public Trace(TraceStart start) {
        this.start = start;
    }

    public void read(HeaderSection lines) {
        boolean valid = lines.count(Field.TRACEPARENT) == 1 && valid(lines, lines.first(Field.TRACEPARENT));
        started = !valid && start != TraceStart.NEVER;
        if (started) {
            lines.drop(Field.TRACEPARENT);
            // Trace Context, 3.4: it belongs to the invalid traceparent, not to the new one
            lines.drop(Field.TRACESTATE);
            high = ThreadLocalRandom.current().nextLong();
            low = ThreadLocalRandom.current().nextLong() | 1;
        } else if (!valid) {
            high = 0;
            low = 0;
        }
    }

    private boolean valid(HeaderSection lines, int line) {
        byte[] bytes = lines.bytes();
        int from = lines.valueStart(line);
        int length = lines.valueEnd(line) - from;
        if (length < LENGTH
                || bytes[from + 2] != '-'
                || bytes[from + PARENT - 1] != '-'
                || bytes[from + FLAGS - 1] != '-'
                || !hex(bytes, from, 2)
                || !hex(bytes, from + FLAGS, 2)
                || !hex(bytes, from + TRACE, 32)
                || !hex(bytes, from + PARENT, 16)) {
            return false;
        }
        boolean first = bytes[from] == '0' && bytes[from + 1] == '0';
        boolean last = bytes[from] == 'f' && bytes[from + 1] == 'f';
        if (last || first && length > LENGTH || length > LENGTH && bytes[from + LENGTH] != '-') {
            return false;
        }
        high = number(bytes, from + TRACE);
        low = number(bytes, from + TRACE + 16);
        return (high | low) != 0 && number(bytes, from + PARENT) != 0;
    }

    /** Appends the {@code traceparent} of a new trace. */
    public void write(ByteBuf out) {
        if (started) {
            out.writeBytes(NAME);
            writeHex(high, out);
            writeHex(low, out);
            out.writeByte('-');
            writeHex(ThreadLocalRandom.current().nextLong() | 1, out);
            out.writeByte('-').writeByte('0').writeByte(start == TraceStart.SAMPLED ? '1' : '0');
            out.writeByte('\r').writeByte('\n');
        }
    }

    /** The upper half of the trace id; both halves are zero without a trace. */
    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    /** Lower-case digits only, as the specification has it. */
    private static boolean hex(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (Ascii.hex(bytes[i]) < 0 || bytes[i] >= 'A' && bytes[i] <= 'F') {
                return false;
            }
        }
        return true;
    }

    private static long number(byte[] bytes, int from) {
        long number = 0;
        for (int i = from; i < from + 16; i++) {
            number = number << 4 | Ascii.hex(bytes[i]);
        }
        return number;
    }

    private static void writeHex(long number, ByteBuf out) {
        out.writeLong(digits((int) (number >>> 32)));
        out.writeLong(digits((int) number));
    }

    /** All eight hex digits at once. */
    private static long digits(int number) {
        long nibbles = Long.expand(number, ONES * 0xf);
        long letters = nibbles + ONES * 6 >>> 4 & ONES;
        return nibbles + ONES * '0' + letters * ('a' - '0' - 10);
    }
}
