package io.sharedinference.proxy.usage;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Event streams as vLLM and OpenAI send them, with and without {@code include_usage}. */
public final class EventStreams {
    private EventStreams() {}

    /** A server's event with choices, {@code %s}; {@code ~} marks the null usage that it adds if usage is included. */
    private enum Server {
        VLLM(
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[%s]}",
                "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":16,\"completion_tokens\":9}"),
        VLLM_COMPLETIONS(
                "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[%s]}",
                "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":16,\"completion_tokens\":9}"),
        OPENAI(
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                        + "\"system_fingerprint\":null,\"choices\":[%s]~}",
                "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9,\"total_tokens\":16,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":0}}"),
        OPENAI_OBFUSCATED(
                "{\"id\":\"chatcmpl-1\",\"choices\":[%s]~,\"obfuscation\":\"x7\\\"\"}",
                "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9,\"total_tokens\":16}"),
        SPACED(
                "{\"id\": \"1\", \"choices\": [%s]~, \"model\": \"m\"}",
                "\"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": 9, \"total_tokens\": 16}");

        private final String event;
        private final String usage;

        Server(String event, String usage) {
            this.event = event;
            this.usage = usage;
        }

        String event(String choices, boolean usageIncluded) {
            String added = this == SPACED ? ", \"usage\": null" : ",\"usage\":null";
            return event.replace("~", usageIncluded ? added : "").replace("%s", choices);
        }

        /** The last event, which has the usage. */
        String last() {
            String empty = event.replace("~", "").replace("%s", "");
            return empty.substring(0, empty.length() - 1) + (this == SPACED ? ", " : ",") + usage + "}";
        }
    }

    /** The same stream with usage included, and without. */
    public record Pair(String with, String without) {}

    /** Streams of any server, with any line endings. */
    public static Arbitrary<Pair> pairs() {
        return Combinators.combine(
                        Arbitraries.of(Server.values()),
                        parts().list().ofMaxSize(8),
                        Arbitraries.of("\n", "\r\n", "\r"),
                        Arbitraries.of("data: ", "data:"),
                        Arbitraries.frequencyOf(
                                Tuple.of(4, Arbitraries.just(true)), Tuple.of(1, Arbitraries.just(false))))
                .as(EventStreams::pair);
    }

    private static Pair pair(Server server, List<String> parts, String lineEnd, String field, boolean done) {
        List<String> with = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (String part : parts) {
            boolean choices = part.startsWith("{");
            with.add(choices ? field + server.event(part, true) : part);
            without.add(choices ? field + server.event(part, false) : part);
        }
        with.add(field + server.last());
        if (done) {
            with.add(field + "[DONE]");
            without.add(field + "[DONE]");
        }
        return new Pair(joined(with, lineEnd), joined(without, lineEnd));
    }

    private static String joined(List<String> events, String lineEnd) {
        StringBuilder all = new StringBuilder();
        events.forEach(event ->
                all.append(event.replace("\n", lineEnd)).append(lineEnd).append(lineEnd));
        return all.toString();
    }

    /** Choices or other events; none has a null usage at the top level. */
    private static Arbitrary<String> parts() {
        Arbitrary<String> choices = content()
                .map(content -> "{\"index\":0,\"delta\":{\"content\":\"" + content + "\"},\"finish_reason\":null}");
        return Arbitraries.frequencyOf(
                Tuple.of(8, choices),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                ": ping",
                                "event: error\ndata: {\"error\":{\"usage\":null}}",
                                "",
                                "data: {\"usage\":nul",
                                "data",
                                "x",
                                "data: {\"a\":\ndata: 1,\"usage\":null}",
                                "retry: 1\nid: \"usage\"",
                                "data: {\"choices\":[],\"usage\":5}",
                                "data: [{\"choices\":[],\"usage\":{}}]",
                                "data: {\"choices\":[],\"usage\":{}} x")));
    }

    private static Arbitrary<String> content() {
        Arbitrary<String> awkward = Arbitraries.of(
                "\\\"usage\\\":null",
                "\\\"",
                "\\\\",
                "{",
                "}]",
                "\\n\\ndata: ",
                "\\u0000",
                "\u00e9",
                ",\\\"usage\\\":{",
                "choices");
        return Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.of("Hello", " world", "")),
                        Tuple.of(2, awkward),
                        Tuple.of(
                                1,
                                Arbitraries.strings()
                                        .withCharRange('a', 'z')
                                        .ofMinLength(100)
                                        .ofMaxLength(9_000)))
                .list()
                .ofMaxSize(3)
                .map(all -> String.join("", all));
    }

    /** Splits a string into pieces of these sizes, repeated as necessary. */
    public static List<String> cut(String text, List<Integer> sizes) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        for (int i = 0; at < text.length(); i++) {
            int end = Math.min(text.length(), at + sizes.get(i % sizes.size()));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }
}
