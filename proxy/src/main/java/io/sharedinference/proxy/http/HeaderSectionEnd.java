package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * Finds the empty line that ends a header section, over any number of reads. Each byte is examined once.
 * Lines must end with CRLF.
 */
public final class HeaderSectionEnd {
    public static final int MAX_LENGTH = 64 * 1024;
    private static final int INCOMPLETE = -1;

    private final int max;
    private int scanned;
    private int lineStart;

    /** For header sections of at most {@code max} bytes. */
    public HeaderSectionEnd(int max) {
        this.max = max;
    }

    /**
     * Continues where the previous call stopped.
     *
     * @return the length of the header section with its empty line; negative if it is incomplete
     * @throws ProtocolException if a line ends without CR, or the header section is too large
     */
    public int find(ByteBuf in) throws ProtocolException {
        int base = in.readerIndex();
        while (true) {
            int lf = in.indexOf(base + scanned, in.writerIndex(), (byte) '\n');
            if ((lf < 0 ? in.readableBytes() : lf - base + 1) > max) {
                throw new ProtocolException(
                        ProtocolException.Reason.HEADER_TOO_LARGE,
                        "the header section is larger than " + max + " bytes");
            }
            if (lf < 0) {
                scanned = in.readableBytes();
                return INCOMPLETE;
            }
            if (endsLine(in, base, lf)) {
                return lf + 1 - base;
            }
        }
    }

    private boolean endsLine(ByteBuf in, int base, int lf) throws ProtocolException {
        int cr = lf - 1;
        if (cr < base + lineStart || in.getByte(cr) != '\r') {
            throw new ProtocolException("a header line ends without CR");
        }
        boolean empty = cr == base + lineStart;
        scanned = empty ? 0 : lf + 1 - base;
        lineStart = scanned;
        return empty;
    }
}
