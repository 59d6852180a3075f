package io.sharedinference.yaml;

/** An edit that would lose or move something that is not its own. */
final class UnsafeEditException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int index;

    /** @param index in the text, of what is in the way */
    UnsafeEditException(int index, String reason) {
        super(reason);
        this.index = index;
    }

    int index() {
        return index;
    }
}
