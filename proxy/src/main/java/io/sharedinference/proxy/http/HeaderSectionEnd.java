package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * Finds the empty line after a message's head, over as many reads as it takes: each byte is looked at once.
 * Lines must end with CR LF.
 */
public final class HeaderSectionEnd {
    public static final int MAX_LENGTH = 64 * 1024;
    private static final int INCOMPLETE = -1;

    private final int largest;
    private int scanned;
    private int lineStart;

    /** For heads of no more than {@code largest} bytes. */
    public HeaderSectionEnd(int largest) {
        this.largest = largest;
    }

    /**
     * Looks on from where it stopped.
     *
     * @return the length of the head with its empty line, or a negative number when there must be more to come
     * @throws ProtocolException for a line that ends without CR, or a head that is too large
     */
    public int find(ByteBuf in) throws ProtocolException {
        int base = in.readerIndex();
        while (true) {
            int lf = in.indexOf(base + scanned, in.writerIndex(), (byte) '\n');
            if ((lf < 0 ? in.readableBytes() : lf - base + 1) > largest) {
                throw new ProtocolException(ProtocolException.Reason.HEADER_TOO_LARGE, "the head is larger than " + largest + " bytes");
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
            throw new ProtocolException("a line of the head ends without CR");
        }
        boolean empty = cr == base + lineStart;
        scanned = empty ? 0 : lf + 1 - base;
        lineStart = scanned;
        return empty;
    }
}
