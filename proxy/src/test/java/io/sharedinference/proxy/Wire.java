package io.sharedinference.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "upgrade");
    private static final Set<String> NEVER_NOMINATED =
            Set.of("host", "authorization", "content-length", "transfer-encoding", "expect");

    private final String stream;
    private int at;

    private Wire(String stream) {
        this.stream = stream;
    }

    /** The stream is no sequence of well-framed messages. */
    static final class Unframed extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean unfinished;

        Unframed(String problem, boolean unfinished, String stream, int at) {
            super(problem + " at " + at + " of: " + stream.substring(0, Math.min(2000, stream.length())));
            this.unfinished = unfinished;
        }

        /** Whether it only stops too early. */
        boolean unfinished() {
            return unfinished;
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

        boolean http10() {
            return start.contains("HTTP/1.0");
        }

        Message with(String otherBody) {
            return new Message(start, lines, otherBody);
        }

        List<String> values(String name) {
            return lines.stream()
                    .filter(line -> name(line).equals(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .toList();
        }

        /** What is left of it behind a proxy that carries it from one connection to another. */
        Message withoutHopByHop() {
            Set<String> nominated = Set.copyOf(values("connection").stream()
                    .flatMap(value -> Stream.of(value.toLowerCase(Locale.ROOT).split("[, \t]+")))
                    .filter(option -> !NEVER_NOMINATED.contains(option))
                    .toList());
            return new Message(
                    start,
                    lines.stream()
                            .filter(line -> !HOP_BY_HOP.contains(name(line)) && !nominated.contains(name(line)))
                            .toList(),
                    body);
        }

        /** Versions are each sender's own. */
        Message inHttp11() {
            return new Message(start.replaceFirst("HTTP/1.0$", "HTTP/1.1"), lines, body);
        }

        Message without(String name) {
            return new Message(
                    start,
                    lines.stream().filter(line -> !name(line).equals(name)).toList(),
                    body);
        }

        static String name(String line) {
            return line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
        }
    }

    /** All requests in a stream. */
    static List<Message> requests(String stream) throws Unframed {
        Wire wire = new Wire(stream);
        List<Message> all = new ArrayList<>();
        while (wire.at < stream.length()) {
            Message head = wire.requestHead();
            all.add(head.with(wire.body(head, "")));
        }
        return all;
    }

    /**
     * The content of a stream that may end anywhere.
     *
     * @param whole the requests that it begins with
     * @param begun a request behind them of which at least the head is whole, with what follows it
     * @param next the start of what follows the whole ones
     * @param malformed whether what follows the whole ones cannot become a request, whatever comes next
     */
    record Requests(List<Message> whole, Optional<Message> begun, String next, boolean malformed) {
        List<Message> all() {
            return Stream.concat(whole.stream(), begun.stream()).toList();
        }
    }

    /** Reads as far as it goes; an empty line before a request is forgiven (RFC 9112, 2.2). */
    static Requests read(String stream) {
        Wire wire = new Wire(stream);
        List<Message> whole = new ArrayList<>();
        Optional<Message> begun = Optional.empty();
        int next = 0;
        try {
            while (true) {
                wire.at += stream.startsWith("\r\n", wire.at) ? 2 : 0;
                next = wire.at;
                if (next == stream.length()) {
                    return new Requests(whole, Optional.empty(), "", false);
                }
                Message head = wire.requestHead();
                begun = Optional.of(head.with(stream.substring(wire.at)));
                whole.add(head.with(wire.body(head, "")));
                begun = Optional.empty();
            }
        } catch (Unframed e) {
            return new Requests(whole, begun, stream.substring(next), !e.unfinished);
        }
    }

    /** All responses in a stream, interim ones included, to requests with these methods. */
    static List<Message> answers(String stream, List<String> methods) throws Unframed {
        Wire wire = new Wire(stream);
        List<Message> all = new ArrayList<>();
        int answered = 0;
        while (wire.at < stream.length()) {
            List<Message> next = wire.answer(answered < methods.size() ? methods.get(answered) : "GET");
            all.addAll(next);
            answered++;
        }
        return all;
    }

    /** The first response in a stream, with the interim ones before it. */
    static List<Message> firstAnswer(String stream, String method) throws Unframed {
        return new Wire(stream).answer(method);
    }

    private List<Message> answer(String method) throws Unframed {
        List<Message> all = new ArrayList<>();
        while (true) {
            Message head = head(STATUS);
            checkFraming(head);
            if (head.status() >= 200) {
                boolean bodiless = head.status() == 204 || head.status() == 304 || method.equals("HEAD");
                all.add(bodiless ? head : head.with(body(head, stream.substring(at))));
                return all;
            }
            check(head.status() != 101, "another protocol");
            all.add(head);
        }
    }

    private Message requestHead() throws Unframed {
        Message head = head(REQUEST);
        int hosts = head.values("host").size();
        check(hosts == 1 || hosts == 0 && head.http10(), "not one Host");
        checkFraming(head);
        return head;
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
        checkFinished(end >= 0);
        String line = stream.substring(at, end);
        check(line.indexOf('\n') < 0 && line.indexOf('\r') < 0, "a bare CR or LF");
        at = end + 2;
        return line;
    }

    private void checkFraming(Message head) throws Unframed {
        List<String> lengths = head.values("content-length");
        List<String> codings = head.values("transfer-encoding");
        check(lengths.size() + codings.size() < 2, "framed twice");
        check(lengths.stream().allMatch(length -> LENGTH.matcher(length).matches()), "no length");
        check(codings.stream().allMatch(coding -> coding.equalsIgnoreCase("chunked")), "an unknown coding");
        check(codings.isEmpty() || !head.http10(), "chunks in HTTP/1.0");
    }

    private String body(Message head, String unframed) throws Unframed {
        if (!head.values("transfer-encoding").isEmpty()) {
            return chunks();
        }
        List<String> lengths = head.values("content-length");
        return take(lengths.isEmpty() ? unframed.length() : Long.parseLong(lengths.getFirst()));
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
        checkFinished(count <= stream.length() - at);
        at += (int) count;
        return stream.substring(at - (int) count, at);
    }

    private void check(boolean condition, String problem) throws Unframed {
        if (!condition) {
            throw new Unframed(problem, false, stream, at);
        }
    }

    private void checkFinished(boolean condition) throws Unframed {
        if (!condition) {
            throw new Unframed("an unfinished message", true, stream, at);
        }
    }
}
