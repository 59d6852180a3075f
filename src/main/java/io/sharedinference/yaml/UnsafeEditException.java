package io.sharedinference.yaml;

/** An edit would remove or move other content. */
final class UnsafeEditException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int index;

    /** @param index of the conflicting content in the text */
    UnsafeEditException(int index, String reason) {
        super(reason);
        this.index = index;
    }

    int index() {
        return index;
    }
}
