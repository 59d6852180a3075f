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
 * A strict parser of RFC 9112 for tests: shares no code with the proxy, and rejects everything that two parsers could read
 * differently. Bytes are the characters of ISO 8859-1.
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

    /** The stream is not a sequence of well-framed messages. */
    static final class FramingException extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean incomplete;

        FramingException(String problem, boolean incomplete, String stream, int at) {
            super(problem + " at " + at + " of: " + stream.substring(0, Math.min(2000, stream.length())));
            this.incomplete = incomplete;
        }

        /** Whether the stream is valid so far, but ends too early. */
        boolean incomplete() {
            return incomplete;
        }
    }

    /** One message: its field lines without line endings, and its body with its framing. */
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

        /** The message without its hop-by-hop fields. */
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

        /** The message with the version HTTP/1.1. */
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
    static List<Message> requests(String stream) throws FramingException {
        Wire wire = new Wire(stream);
        List<Message> all = new ArrayList<>();
        while (wire.at < stream.length()) {
            Message headerSection = wire.requestHeaderSection();
            all.add(headerSection.with(wire.body(headerSection, "")));
        }
        return all;
    }

    /**
     * The content of a stream that may end anywhere.
     *
     * @param complete the complete requests at its start
     * @param incomplete a following request with a complete header section and an incomplete body
     * @param next the bytes after the complete requests
     * @param malformed whether these bytes cannot become a request
     */
    record Requests(List<Message> complete, Optional<Message> incomplete, String next, boolean malformed) {
        List<Message> all() {
            return Stream.concat(complete.stream(), incomplete.stream()).toList();
        }
    }

    /** Reads as far as possible; ignores an empty line before a request (RFC 9112, 2.2). */
    static Requests read(String stream) {
        Wire wire = new Wire(stream);
        List<Message> complete = new ArrayList<>();
        Optional<Message> incomplete = Optional.empty();
        int next = 0;
        try {
            while (true) {
                wire.at += stream.startsWith("\r\n", wire.at) ? 2 : 0;
                next = wire.at;
                if (next == stream.length()) {
                    return new Requests(complete, Optional.empty(), "", false);
                }
                Message headerSection = wire.requestHeaderSection();
                incomplete = Optional.of(headerSection.with(stream.substring(wire.at)));
                complete.add(headerSection.with(wire.body(headerSection, "")));
                incomplete = Optional.empty();
            }
        } catch (FramingException e) {
            return new Requests(complete, incomplete, stream.substring(next), !e.incomplete);
        }
    }

    /** All responses in a stream, interim ones included, to requests with these methods. */
    static List<Message> responses(String stream, List<String> methods) throws FramingException {
        Wire wire = new Wire(stream);
        List<Message> all = new ArrayList<>();
        int count = 0;
        while (wire.at < stream.length()) {
            List<Message> next = wire.response(count < methods.size() ? methods.get(count) : "GET");
            all.addAll(next);
            count++;
        }
        return all;
    }

    /** The first response in a stream, with the interim ones before it. */
    static List<Message> firstResponse(String stream, String method) throws FramingException {
        return new Wire(stream).response(method);
    }

    private List<Message> response(String method) throws FramingException {
        List<Message> all = new ArrayList<>();
        while (true) {
            Message headerSection = headerSection(STATUS);
            checkFraming(headerSection);
            if (headerSection.status() >= 200) {
                boolean bodiless =
                        headerSection.status() == 204 || headerSection.status() == 304 || method.equals("HEAD");
                all.add(bodiless ? headerSection : headerSection.with(body(headerSection, stream.substring(at))));
                return all;
            }
            check(headerSection.status() != 101, "another protocol");
            all.add(headerSection);
        }
    }

    private Message requestHeaderSection() throws FramingException {
        Message headerSection = headerSection(REQUEST);
        int hosts = headerSection.values("host").size();
        check(hosts == 1 || hosts == 0 && headerSection.http10(), "not one Host");
        checkFraming(headerSection);
        return headerSection;
    }

    private Message headerSection(Pattern start) throws FramingException {
        String first = line();
        check(start.matcher(first).matches(), "no start line");
        return new Message(first, lines(), "");
    }

    private List<String> lines() throws FramingException {
        List<String> lines = new ArrayList<>();
        String line;
        while (!(line = line()).isEmpty()) {
            check(LINE.matcher(line).matches(), "no field line");
            lines.add(line);
        }
        return lines;
    }

    private String line() throws FramingException {
        int end = stream.indexOf("\r\n", at);
        checkComplete(end >= 0);
        String line = stream.substring(at, end);
        check(line.indexOf('\n') < 0 && line.indexOf('\r') < 0, "a bare CR or LF");
        at = end + 2;
        return line;
    }

    private void checkFraming(Message headerSection) throws FramingException {
        List<String> lengths = headerSection.values("content-length");
        List<String> codings = headerSection.values("transfer-encoding");
        check(lengths.size() + codings.size() < 2, "framed twice");
        check(lengths.stream().allMatch(length -> LENGTH.matcher(length).matches()), "no length");
        check(codings.stream().allMatch(coding -> coding.equalsIgnoreCase("chunked")), "an unknown coding");
        check(codings.isEmpty() || !headerSection.http10(), "chunks in HTTP/1.0");
    }

    private String body(Message headerSection, String unframed) throws FramingException {
        if (!headerSection.values("transfer-encoding").isEmpty()) {
            return chunks();
        }
        List<String> lengths = headerSection.values("content-length");
        return take(lengths.isEmpty() ? unframed.length() : Long.parseLong(lengths.getFirst()));
    }

    private String chunks() throws FramingException {
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

    private String take(long count) throws FramingException {
        checkComplete(count <= stream.length() - at);
        at += (int) count;
        return stream.substring(at - (int) count, at);
    }

    private void check(boolean condition, String problem) throws FramingException {
        if (!condition) {
            throw new FramingException(problem, false, stream, at);
        }
    }

    private void checkComplete(boolean condition) throws FramingException {
        if (!condition) {
            throw new FramingException("an unfinished message", true, stream, at);
        }
    }
}
