package io.sharedinference.proxy.usage;

import io.sharedinference.proxy.http.ByteWords;

/** Finds the ends of lines, eight bytes at a time: most of a stream is one long line after the other. */
final class LineEnd {
    private LineEnd() {}

    /** The index of the first CR or LF, or {@code end}. */
    static int find(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long word = ByteWords.at(bytes, at);
            if ((ByteWords.with(word, '\n') | ByteWords.with(word, '\r')) != 0) {
                break;
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }
}
