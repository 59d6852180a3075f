package io.sharedinference.proxy.http;

/** The character classes of RFC 9110 and 9112. */
public final class Ascii {
    private static final boolean[] TOKEN = new boolean[256];
    private static final boolean[] VALUE = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean letterOrDigit = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            TOKEN[c] = letterOrDigit || c < 128 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            VALUE[c] = c == '\t' || c >= 0x20 && c != 0x7f;
        }
    }

    private Ascii() {}

    /** Characters of field names and methods: {@code token} in RFC 9110. */
    static boolean token(byte c) {
        return TOKEN[c & 0xff];
    }

    /** Characters of field values: no control characters except tab. */
    static boolean value(byte c) {
        return VALUE[c & 0xff];
    }

    public static boolean visible(byte c) {
        return c > 0x20 && c < 0x7f;
    }

    static boolean blank(byte c) {
        return c == ' ' || c == '\t';
    }

    /** End of the text without trailing blanks. */
    static int trimmed(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && blank(bytes[end - 1])) {
            end--;
        }
        return end;
    }

    static boolean digit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** The value of a hexadecimal digit, negative for any other byte. */
    public static int hex(byte c) {
        return digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }

    /** Compares token characters with a lower-case name, ignoring their case. */
    public static boolean equalsLowerCase(byte[] bytes, int from, int to, byte[] name) {
        if (to - from != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (lower(bytes[from + i]) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** Compares two ranges, ignoring case. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    static byte lower(byte c) {
        return c >= 'A' && c <= 'Z' ? (byte) (c + 0x20) : c;
    }
}
