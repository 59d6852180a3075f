package io.sharedinference.review;

import java.util.regex.Pattern;

/** The engine's messages without the marks that it puts in for a terminal. */
final class Diagnostics {

    private static final Pattern COLOUR = Pattern.compile("<\\{%[^%]*%}>|\u001b\\[[0-9;]*m");

    private Diagnostics() {}

    static String text(String message) {
        return COLOUR.matcher(message).replaceAll("").strip();
    }
}
