package io.sharedinference.standins.inference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The generated text: the words of the request, repeated, so that responses to different requests differ. */
record Echo(String text, Pace pace) {
    private static final int DIMENSIONS = 8;

    /** Collects the text of {@code prompt}, {@code input}, {@code messages} and similar fields. */
    static Echo of(JsonNode request, Pace pace) {
        String text = Stream.of(
                        "messages", "prompt", "input", "inputs", "instruction", "query", "source", "text", "prompts")
                .flatMap(field -> texts(request.path(field)))
                .collect(Collectors.joining(" "));
        return new Echo(text, pace);
    }

    /** All text in strings, arrays and content parts such as {@code {"type":"text","data":"…"}}, in order. */
    static Stream<String> texts(JsonNode node) {
        if (node.isTextual()) {
            return Stream.of(node.textValue());
        }
        if (node.isArray()) {
            return node.valueStream().flatMap(Echo::texts);
        }
        return Stream.of("content", "data", "text").filter(node::has).flatMap(field -> texts(node.path(field)));
    }

    String piece(int index) {
        String[] words = words();
        return " " + words[index % words.length] + ".".repeat(pace.padding());
    }

    String completion() {
        return IntStream.range(0, pace.events()).mapToObj(this::piece).collect(Collectors.joining());
    }

    int promptTokens() {
        return words().length;
    }

    /** A vector that depends on the text only. */
    static double[] vector(String text) {
        return IntStream.range(0, DIMENSIONS)
                .mapToDouble(i -> (text + i).hashCode() / (double) Integer.MIN_VALUE)
                .toArray();
    }

    private String[] words() {
        return text.isBlank() ? new String[] {"echo"} : text.strip().split("\\s+");
    }
}
