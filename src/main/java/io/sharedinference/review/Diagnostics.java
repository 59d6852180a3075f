package io.sharedinference.review;

import java.util.regex.Pattern;

/** Strips terminal formatting from the engine's messages. */
final class Diagnostics {

    private static final Pattern FORMATTING = Pattern.compile("<\\{%[^%]*%}>|\u001b\\[[0-9;]*m");

    private Diagnostics() {}

    static String text(String message) {
        return FORMATTING.matcher(message).replaceAll("").strip();
    }
}
