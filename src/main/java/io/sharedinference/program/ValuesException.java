package io.sharedinference.program;

/** A values file can't be read. The message says where and why; it quotes nothing but keys. */
final class ValuesException extends Exception {

    ValuesException(String message) {
        super(message);
    }
}
