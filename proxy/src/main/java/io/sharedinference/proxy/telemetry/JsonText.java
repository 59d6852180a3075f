package io.sharedinference.proxy.telemetry;

import io.sharedinference.proxy.http.ByteWords;

/** Finds the end of plain text in JSON strings, eight bytes at a time: most of a body is text. */
final class JsonText {
    private JsonText() {}

    /** The index of the first quote, backslash or line break, or {@code end}. */
    static int end(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long word = ByteWords.at(bytes, at);
            if ((ByteWords.with(word, '"')
                            | ByteWords.with(word, '\\')
                            | ByteWords.with(word, '\n')
                            | ByteWords.with(word, '\r'))
                    != 0) {
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
}
