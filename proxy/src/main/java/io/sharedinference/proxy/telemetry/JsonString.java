package io.sharedinference.proxy.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Decodes one JSON string, byte by byte. Strings longer than all searched ones are dropped. Not thread-safe.
 */
final class JsonString {
    private static final int MAX_LENGTH = 96;
    private static final int HEX_DIGITS = 4;

    private final byte[] text = new byte[MAX_LENGTH];
    private int length;
    private boolean kept;
    private int digitsLeft;
    private int codeUnit;
    private Optional<Character> highSurrogate = Optional.empty();

    void begin(boolean wanted) {
        kept = wanted;
        length = 0;
        digitsLeft = 0;
        highSurrogate = Optional.empty();
    }

    void append(byte[] bytes, int from, int to) {
        if (!kept || from == to) {
            return;
        }
        kept = highSurrogate.isEmpty() && length + to - from <= MAX_LENGTH;
        if (kept) {
            System.arraycopy(bytes, from, text, length, to - from);
            length += to - from;
        }
    }

    /** Takes a byte after a backslash, and returns whether the escape sequence is complete. */
    boolean escape(byte c) {
        if (digitsLeft > 0) {
            return hexDigit(c);
        }
        switch (c) {
            case 'u' -> {
                digitsLeft = HEX_DIGITS;
                codeUnit = 0;
                return false;
            }
            case '"', '\\', '/' -> append((char) c);
            case 'b' -> append('\b');
            case 'f' -> append('\f');
            case 'n' -> append('\n');
            case 'r' -> append('\r');
            case 't' -> append('\t');
            default -> kept = false;
        }
        return true;
    }

    UsageKey key(int level) {
        return complete() ? UsageKey.of(text, length, level) : UsageKey.OTHER;
    }

    /** Empty if the string is not needed, too long or malformed. */
    Optional<String> value() {
        return complete() ? Optional.of(new String(text, 0, length, StandardCharsets.UTF_8)) : Optional.empty();
    }

    private boolean complete() {
        return kept && highSurrogate.isEmpty();
    }

    private boolean hexDigit(byte c) {
        int digit = Character.digit(c, 16);
        kept &= digit >= 0;
        codeUnit = codeUnit << 4 | digit;
        digitsLeft--;
        if (digitsLeft == 0) {
            append((char) codeUnit);
        }
        return digitsLeft == 0;
    }

    private void append(char unit) {
        if (highSurrogate.isEmpty() && Character.isHighSurrogate(unit)) {
            highSurrogate = Optional.of(unit);
            return;
        }
        kept &= highSurrogate.isPresent() == Character.isLowSurrogate(unit);
        String character =
                highSurrogate.map(high -> new String(new char[] {high, unit})).orElseGet(() -> String.valueOf(unit));
        highSurrogate = Optional.empty();
        byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
        append(bytes, 0, bytes.length);
    }
}
