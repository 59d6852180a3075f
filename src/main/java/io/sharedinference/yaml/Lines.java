package io.sharedinference.yaml;

/** The lines of a text, including their line breaks. */
record Lines(String text) {

    int start(int index) {
        return text.lastIndexOf('\n', index - 1) + 1;
    }

    /** Index after the line break, or the end of the text. */
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

    /** Whether only space or a comment follows in the line. */
    boolean nothingAfter(int index) {
        String rest = text.substring(index, end(index));
        return rest.isBlank() || rest.matches("(?s)[ \\t]+#.*");
    }

    /** The column of the comment in a line that has nothing else; -1 for any other line. */
    int comment(int index) {
        String line = text.substring(start(index), end(index));
        return line.strip().startsWith("#") ? line.indexOf('#') : -1;
    }

    /** The line break of the line at an index, or else of the first line. */
    String newline(int index) {
        int end = text.indexOf('\n', index);
        int any = end < 0 ? text.indexOf('\n') : end;
        return any > 0 && text.charAt(any - 1) == '\r' ? "\r\n" : "\n";
    }

    /** Inserts lines at the start of a line or at the end of the text. */
    String insert(int at, String lines) {
        String newline = newline(Math.max(0, at - 1));
        String block = lines.replace("\n", newline);
        boolean open = at > 0 && text.charAt(at - 1) != '\n';
        return text.substring(0, at) + (open ? newline + block : block + newline) + text.substring(at);
    }

    /** Removes whole lines; a text that does not end with a line break still does not. */
    String remove(int from, int to) {
        boolean open = to == text.length() && from > 0 && !text.endsWith("\n");
        String before = text.substring(0, from);
        return (open ? before.replaceFirst("\\r?\\n$", "") : before) + text.substring(to);
    }
}
