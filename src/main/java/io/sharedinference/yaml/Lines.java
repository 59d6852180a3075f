package io.sharedinference.yaml;

/** A text by its lines. Ends of lines belong to their lines. */
record Lines(String text) {

    int start(int index) {
        return text.lastIndexOf('\n', index - 1) + 1;
    }

    /** After the line's end, or the text's. */
    int end(int index) {
        int newline = text.indexOf('\n', index);
        return newline < 0 ? text.length() : newline + 1;
    }

    int column(int index) {
        return index - start(index);
    }

    /** Counted from 1. */
    int number(int index) {
        return 1 + (int) text.substring(0, index).chars().filter(c -> c == '\n').count();
    }

    boolean blankBefore(int index) {
        return text.substring(start(index), index).isBlank();
    }

    /** Whether nothing but space and a comment is between here and the line's end. */
    boolean nothingAfter(int index) {
        String rest = text.substring(index, end(index));
        return rest.isBlank() || rest.matches("(?s)[ \\t]+#.*");
    }

    /** The column of a line that has only a comment; -1 for any other line. */
    int comment(int index) {
        String line = text.substring(start(index), end(index));
        return line.strip().startsWith("#") ? line.indexOf('#') : -1;
    }

    /** The end of the line that an index is in, or of the file's first one. */
    String newline(int index) {
        int end = text.indexOf('\n', index);
        int any = end < 0 ? text.indexOf('\n') : end;
        return any > 0 && text.charAt(any - 1) == '\r' ? "\r\n" : "\n";
    }

    /** With lines put in where a line begins or the text ends. */
    String insert(int at, String lines) {
        String newline = newline(Math.max(0, at - 1));
        String block = lines.replace("\n", newline);
        boolean open = at > 0 && text.charAt(at - 1) != '\n';
        return text.substring(0, at) + (open ? newline + block : block + newline) + text.substring(at);
    }

    /** Without these whole lines; a text without a line's end at its end stays one. */
    String remove(int from, int to) {
        boolean open = to == text.length() && from > 0 && !text.endsWith("\n");
        String before = text.substring(0, from);
        return (open ? before.replaceFirst("\\r?\\n$", "") : before) + text.substring(to);
    }
}
