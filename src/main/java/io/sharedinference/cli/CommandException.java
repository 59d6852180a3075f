package io.sharedinference.cli;

/** A command can't be carried out as given: usage, a stack, or a token. The message says what to do. */
final class CommandException extends RuntimeException {

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
