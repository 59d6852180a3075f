package io.sharedinference.html;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.usage.Amount;
import io.sharedinference.usage.Dimension;
import io.sharedinference.usage.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Tokens in each slice of a period, for the names with the most of them and for all others. */
record Plot(String id, List<Line> lines) {

    private static final int NAMED = 8;

    record Line(String name, long[] tokens) {

        Line plus(Line other) {
            return new Line(
                    name,
                    IntStream.range(0, tokens.length)
                            .mapToLong(slice -> tokens[slice] + other.tokens[slice])
                            .toArray());
        }

        long total() {
            return Arrays.stream(tokens).sum();
        }
    }

    static Plot of(String id, Dimension dimension, List<Entry> entries) {
        Map<String, Line> lines = new LinkedHashMap<>();
        entries.forEach(entry -> lines.merge(
                entry.name(dimension),
                new Line(
                        entry.name(dimension),
                        entry.slices().stream().mapToLong(Amount::tokens).toArray()),
                Line::plus));
        var sorted = new ArrayList<>(lines.values());
        sorted.sort(Comparator.comparingLong(Line::total).reversed().thenComparing(Line::name));
        if (sorted.size() > NAMED + 1) {
            var rest = sorted.subList(NAMED, sorted.size());
            var others = rest.stream().reduce(Line::plus).orElseThrow();
            var name = rest.size() + " others";
            rest.clear();
            sorted.add(new Line(name, others.tokens()));
        }
        return new Plot(id, List.copyOf(sorted));
    }

    void write(ObjectNode json) {
        json.put("id", id);
        var array = json.putArray("lines");
        lines.forEach(line -> {
            var tokens = array.addObject().put("name", line.name()).putArray("tokens");
            Arrays.stream(line.tokens()).forEach(tokens::add);
        });
    }
}
