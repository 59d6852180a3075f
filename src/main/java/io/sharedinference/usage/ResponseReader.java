package io.sharedinference.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a response's JSON as a stream: with many pods, it has some ten megabytes. */
final class ResponseReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<List<String>, Map<String, String>> known;
    private final Consumer<Series> consumer;
    private final Consumer<String> values;
    private final List<String> problems = new ArrayList<>();
    private boolean success;

    private ResponseReader(
            Map<List<String>, Map<String, String>> known, Consumer<Series> consumer, Consumer<String> values) {
        this.known = known;
        this.consumer = consumer;
        this.values = values;
    }

    /**
     * @param known labels that other responses had, by their names and values in turn: one object for equal labels makes
     *     comparing them cheap
     * @param consumer receives each series
     * @param values receives each value of a label
     * @return why the result is incomplete; empty if it is complete
     */
    static Optional<String> read(
            InputStream body,
            Map<List<String>, Map<String, String>> known,
            Consumer<Series> consumer,
            Consumer<String> values)
            throws IOException {
        var reader = new ResponseReader(known, consumer, values);
        try (var parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "not an object");
            }
            reader.fields(parser, reader::field);
        }
        if (!reader.success && reader.problems.isEmpty()) {
            return Optional.of("it does not report success");
        }
        return reader.problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reader.problems));
    }

    private interface Field {
        void read(String name, JsonParser parser) throws IOException;
    }

    private void fields(JsonParser parser, Field field) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            field.read(name, parser);
        }
    }

    private void field(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "status" -> success = parser.getText().equals("success");
            case "error" -> problems.add(parser.getText());
            case "warnings" -> elements(parser, warning -> problems.add(warning.getText()));
            case "data" -> {
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    fields(parser, this::data);
                } else {
                    elements(parser, this::listed);
                }
            }
            default -> parser.skipChildren();
        }
    }

    private void listed(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            values.accept(parser.getText());
        } else {
            consumer.accept(new Series(labels(parser), List.of()));
        }
    }

    private void data(String name, JsonParser parser) throws IOException {
        if (name.equals("result")) {
            elements(parser, this::series);
        } else {
            parser.skipChildren();
        }
    }

    private interface Element {
        void read(JsonParser parser) throws IOException;
    }

    private static void elements(JsonParser parser, Element element) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return; // null
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                throw new JsonParseException(parser, "the response ended early");
            }
            element.read(parser);
        }
    }

    private void series(JsonParser parser) throws IOException {
        List<Map<String, String>> metric = new ArrayList<>(1);
        List<Series.Sample> samples = new ArrayList<>();
        fields(parser, (name, value) -> {
            switch (name) {
                case "metric" -> metric.add(labels(value));
                case "values" -> elements(value, pair -> samples.add(sample(pair)));
                case "value" -> samples.add(sample(value));
                default -> value.skipChildren();
            }
        });
        consumer.accept(new Series(metric.isEmpty() ? Map.of() : metric.get(0), samples));
    }

    private Map<String, String> labels(JsonParser parser) throws IOException {
        List<String> namesAndValues = new ArrayList<>();
        fields(parser, (name, value) -> {
            namesAndValues.add(name);
            namesAndValues.add(value.getText());
        });
        return known.computeIfAbsent(namesAndValues, ResponseReader::withoutName);
    }

    private static Map<String, String> withoutName(List<String> namesAndValues) {
        Map<String, String> labels = new HashMap<>();
        for (int index = 0; index < namesAndValues.size(); index += 2) {
            labels.put(namesAndValues.get(index), namesAndValues.get(index + 1));
        }
        labels.remove("__name__");
        return Map.copyOf(labels);
    }

    private static Series.Sample sample(JsonParser parser) throws IOException {
        parser.nextToken();
        long millis = Math.round(parser.getDoubleValue() * 1000);
        parser.nextToken();
        double value = Double.parseDouble(parser.getText().replace("Inf", "Infinity"));
        parser.nextToken();
        return new Series.Sample(millis, value);
    }
}
