package io.sharedinference.proxy.telemetry;

/** JSON strings for log lines and error responses. */
public final class Json {
    private Json() {}

    /** Appends {@code value} as a JSON string, quotes included. */
    public static void quote(StringBuilder to, String value) {
        to.append('"').append(escaped(value)).append('"');
    }

    /** The escaped value without quotes, in ASCII; usually the value itself. */
    static String escaped(String value) {
        return plain(value) ? value : escape(value);
    }

    private static String escape(String value) {
        StringBuilder to = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (plain(c)) {
                to.append(c);
            } else if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else {
                to.append(String.format("\\u%04x", (int) c));
            }
        }
        return to.toString();
    }

    private static boolean plain(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!plain(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean plain(char c) {
        return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
    }
}
