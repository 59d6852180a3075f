package io.sharedinference.proxy.ops;

/** JSON strings for lines and answers that are put together by hand on the data path. */
public final class Json {
    private Json() {
    }

    /** Appends {@code value} as a JSON string, quotes included. */
    public static void quote(StringBuilder to, String value) {
        if (plain(value)) {
            to.append('"').append(value).append('"');
            return;
        }
        to.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < 0x20 || c >= 0x7f) {
                to.append(String.format("\\u%04x", (int) c));
            } else {
                to.append(c);
            }
        }
        to.append('"');
    }

    /** Nearly all are, and those are copied in one piece. */
    private static boolean plain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
