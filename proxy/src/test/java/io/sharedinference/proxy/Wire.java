package io.sharedinference.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tests' judge of what is on a wire: reads a whole stream by RFC 9112 at its strictest, shares no code with the
 * proxy, and takes nothing that two readers could take differently. Bytes are the characters of ISO 8859-1.
 */
final class Wire {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String VALUE = "[\\t\\x20-\\x7e\\x80-\\xff]*";
    private static final Pattern REQUEST = Pattern.compile(TOKEN + " [\\x21-\\x7e]+ HTTP/1\\.[01]");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9][0-9])(?: " + VALUE + ")?");
    private static final Pattern LINE = Pattern.compile("(" + TOKEN + "):" + VALUE);
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,15})(?:;" + VALUE + ")?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "upgrade");
    private static final Set<String> NEVER_NOMINATED = Set.of(
            "host", "authorization", "content-length", "transfer-encoding", "expect");

    private final String stream;
    private int at;

    private Wire(String stream) {
        this.stream = stream;
    }

    /** The stream is no sequence of well-framed messages. */
    static final class Unframed extends Exception {
        private static final long serialVersionUID = 1;

        Unframed(String problem, String stream, int at) {
            super(problem + " at " + at + " of: " + stream.substring(0, Math.min(2000, stream.length())));
        }
    }

    /** One message: its lines without their ends, its body as it is framed. */
    record Message(String start, List<String> lines, String body) {
        String method() {
            return start.split(" ", 2)[0];
        }

        int status() {
            return Integer.parseInt(start.substring(9, 12));
        }

        List<String> values(String name) {
            return lines.stream().filter(line -> name(line).equals(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).toList();
        }

        /** What is left of it behind a proxy that carries it from one connection to another. */
        Message withoutHopByHop() {
            Set<String> nominated = Set.copyOf(values("connection").stream()
                    .flatMap(value -> Stream.of(value.toLowerCase(Locale.ROOT).split("[, \t]+")))
                    .filter(option -> !NEVER_NOMINATED.contains(option)).toList());
            return new Message(start, lines.stream()
                    .filter(line -> !HOP_BY_HOP.contains(name(line)) && !nominated.contains(name(line))).toList(), body);
        }

        Message without(String name) {
            return new Message(start, lines.stream().filter(line -> !name(line).equals(name)).toList(), body);
        }

        private static String name(String line) {
            return line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
        }
    }

    /** All requests of a stream that holds nothing else. */
    static List<Message> requests(String stream) throws Unframed {
        Wire wire = new Wire(stream);
        List<Message> all = new ArrayList<>();
        while (wire.at < stream.length()) {
            Message head = wire.head(REQUEST);
            wire.check(head.start.endsWith("1.0") || head.values("host").size() == 1, "not one Host");
            all.add(new Message(head.start, head.lines, wire.requestBody(head)));
        }
        return all;
    }

    /** All answers of a stream that holds nothing else, the interim ones included, to requests of these methods. */
    static List<Message> answers(String stream, List<String> methods) throws Unframed {
        Wire wire = new Wire(stream);
        List<Message> all = new ArrayList<>();
        int answered = 0;
        while (wire.at < stream.length()) {
            Message head = wire.head(STATUS);
            boolean interim = head.status() < 200;
            wire.check(answered < methods.size(), "an answer that nobody asked for");
            boolean bodiless = interim || head.status() == 204 || head.status() == 304
                    || methods.get(answered).equals("HEAD");
            all.add(new Message(head.start, head.lines, bodiless ? "" : wire.answerBody(head)));
            answered += interim ? 0 : 1;
        }
        wire.check(answered == methods.size(), answered + " answers to " + methods.size() + " requests");
        return all;
    }

    private Message head(Pattern start) throws Unframed {
        String first = line();
        check(start.matcher(first).matches(), "no start line");
        return new Message(first, lines(), "");
    }

    private List<String> lines() throws Unframed {
        List<String> lines = new ArrayList<>();
        String line;
        while (!(line = line()).isEmpty()) {
            check(LINE.matcher(line).matches(), "no field line");
            lines.add(line);
        }
        return lines;
    }

    private String line() throws Unframed {
        int end = stream.indexOf("\r\n", at);
        check(end >= 0, "an unfinished line");
        String line = stream.substring(at, end);
        check(line.indexOf('\n') < 0 && line.indexOf('\r') < 0, "a bare CR or LF");
        at = end + 2;
        return line;
    }

    private String requestBody(Message head) throws Unframed {
        return framed(head) ? framedBody(head) : "";
    }

    private String answerBody(Message head) throws Unframed {
        return framed(head) ? framedBody(head) : take(stream.length() - at);
    }

    private boolean framed(Message head) throws Unframed {
        int lengths = head.values("content-length").size();
        int encodings = head.values("transfer-encoding").size();
        check(lengths + encodings < 2, "framed twice");
        return lengths + encodings == 1;
    }

    private String framedBody(Message head) throws Unframed {
        if (head.values("content-length").isEmpty()) {
            check(head.values("transfer-encoding").get(0).equalsIgnoreCase("chunked"), "an unknown coding");
            check(!head.start.contains("HTTP/1.0"), "chunks in HTTP/1.0");
            return chunks();
        }
        String length = head.values("content-length").get(0);
        check(LENGTH.matcher(length).matches(), "no length");
        return take(Long.parseLong(length));
    }

    private String chunks() throws Unframed {
        int start = at;
        while (true) {
            Matcher chunk = CHUNK.matcher(line());
            check(chunk.matches(), "no chunk");
            long size = Long.parseLong(chunk.group(1), 16);
            if (size == 0) {
                lines();
                return stream.substring(start, at);
            }
            take(size);
            check(line().isEmpty(), "a chunk longer than its size");
        }
    }

    private String take(long count) throws Unframed {
        check(count <= stream.length() - at, "an unfinished body");
        at += (int) count;
        return stream.substring(at - (int) count, at);
    }

    private void check(boolean condition, String problem) throws Unframed {
        if (!condition) {
            throw new Unframed(problem, stream, at);
        }
    }
}
