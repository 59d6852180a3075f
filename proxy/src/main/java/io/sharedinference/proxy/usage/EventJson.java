package io.sharedinference.proxy.usage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The top-level members {@code choices} and {@code usage} of a server-sent event, in its only line of data. */
final class EventJson {
    enum Usage {
        NONE,
        NULL,
        OBJECT,
        OTHER
    }

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHOICES = "\"choices\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private int at;
    private int end;
    private boolean choices;
    private boolean noChoice;
    private Usage usage = Usage.NONE;
    private int usageFrom;
    private int usageTo;

    private EventJson(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads an event. If its data is not one line with a JSON object, it has no members. */
    static EventJson read(byte[] bytes, int from, int to) {
        EventJson event = new EventJson(bytes);
        return event.findData(from, to) && event.object() ? event : new EventJson(bytes);
    }

    /** Whether an event can have a usage: most have none. Horspool's algorithm, which examines about every sixth byte. */
    static boolean mentionsUsage(byte[] bytes, int from, int to) {
        int end = from + USAGE.length;
        while (end <= to) {
            byte last = bytes[end - 1];
            if (last == '"' && equal(bytes, end - USAGE.length, end, USAGE)) {
                return true;
            }
            end += distanceToLast(last);
        }
        return false;
    }

    /** How far a byte is from the end of {@code "usage"}, its last byte aside. */
    private static int distanceToLast(byte c) {
        return switch (c) {
            case 'e' -> 1;
            case 'g' -> 2;
            case 'a' -> 3;
            case 's' -> 4;
            case 'u' -> 5;
            case '"' -> 6;
            default -> USAGE.length;
        };
    }

    /** Whether there is at least one choice. */
    boolean hasChoices() {
        return choices && !noChoice;
    }

    /** Whether {@code choices} is an empty array. */
    boolean noChoice() {
        return choices && noChoice;
    }

    Usage usage() {
        return usage;
    }

    /** Where {@code usage} begins, with the comma that separates it from the member before. */
    int usageFrom() {
        return usageFrom;
    }

    /** Where {@code usage} ends, with the comma if it is the first member. */
    int usageTo() {
        return usageTo;
    }

    private boolean findData(int from, int to) {
        int found = 0;
        int start = from;
        while (start < to) {
            int lineEnd = LineEnd.find(bytes, start, to);
            if (lineEnd - start >= DATA.length && equal(bytes, start, start + DATA.length, DATA)) {
                found++;
                at = start + DATA.length;
                end = lineEnd;
            }
            start = lineEnd + 1;
        }
        return found == 1;
    }

    private boolean object() {
        if (!take('{')) {
            return false;
        }
        boolean valid = take('}') || members();
        blanks();
        return valid && at == end;
    }

    private boolean members() {
        int before = -1;
        boolean more = true;
        while (more) {
            blanks();
            int key = at;
            int keyEnd = key();
            if (keyEnd < 0) {
                return false;
            }
            blanks();
            int value = at;
            if (!value()) {
                return false;
            }
            int valueEnd = at;
            more = take(',');
            blanks();
            if (!member(key, keyEnd, value, valueEnd, before)) {
                return false;
            }
            before = valueEnd;
        }
        return take('}');
    }

    /** End of a member's name, before its colon; -1 if it is invalid. */
    private int key() {
        if (!string()) {
            return -1;
        }
        int end = at;
        return take(':') ? end : -1;
    }

    /** Repeated members are rejected: their meaning is undefined. */
    private boolean member(int key, int keyEnd, int value, int valueEnd, int before) {
        if (equal(bytes, key, keyEnd, CHOICES)) {
            boolean repeated = choices;
            choices = true;
            noChoice = bytes[value] == '[' && blank(value + 1, valueEnd - 1);
            return !repeated;
        }
        if (equal(bytes, key, keyEnd, USAGE)) {
            boolean repeated = usage != Usage.NONE;
            usage = bytes[value] == '{' ? Usage.OBJECT : equal(bytes, value, valueEnd, NULL) ? Usage.NULL : Usage.OTHER;
            usageFrom = before < 0 ? key : before;
            // at the next member's key or the closing brace
            usageTo = before < 0 ? at : valueEnd;
            return !repeated;
        }
        return true;
    }

    private boolean value() {
        if (at == end) {
            return false;
        }
        return switch (bytes[at]) {
            case '"' -> string();
            case '{', '[' -> nested();
            default -> scalar();
        };
    }

    private boolean nested() {
        int depth = 0;
        while (at < end) {
            switch (bytes[at]) {
                case '"' -> {
                    if (!string()) {
                        return false;
                    }
                    continue;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
            if (depth == 0) {
                return true;
            }
        }
        return false;
    }

    private boolean scalar() {
        int start = at;
        while (at < end && bytes[at] > ' ' && bytes[at] != ',' && bytes[at] != '}' && bytes[at] != ']') {
            at++;
        }
        return at > start;
    }

    private boolean string() {
        if (at == end || bytes[at] != '"') {
            return false;
        }
        at++;
        while (at < end && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        return at++ < end;
    }

    private boolean take(char c) {
        blanks();
        boolean found = at < end && bytes[at] == c;
        at += found ? 1 : 0;
        return found;
    }

    private void blanks() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
    }

    private boolean blank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private static boolean equal(byte[] bytes, int from, int to, byte[] text) {
        return Arrays.equals(bytes, from, to, text, 0, text.length);
    }
}
