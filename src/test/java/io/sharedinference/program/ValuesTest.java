package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {

    /** What Helm's own {@code mergeMaps} makes of two value files. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: 1                 | b: 2                 | {"a":1,"b":2}
            a: 1                 | a: 2                 | {"a":2}
            a: {b: 1, c: 2}      | a: {c: 3, d: 4}      | {"a":{"b":1,"c":3,"d":4}}
            a: {b: {c: 1}}       | a: {b: {d: 2}}       | {"a":{"b":{"c":1,"d":2}}}
            a: [1, 2]            | a: [3]               | {"a":[3]}
            a: {b: 1}            | a: [3]               | {"a":[3]}
            a: 1                 | a: {b: 2}            | {"a":{"b":2}}
            a: {b: 1}            | a: 2                 | {"a":2}
            a: {b: 1}            | a: null              | {"a":null}
            a: null              | a: {b: 1}            | {"a":{"b":1}}
            a: {b: 1}            | a: {b: null}         | {"a":{"b":null}}
            a: {b: 1, c: 2}      | a: {}                | {"a":{"b":1,"c":2}}
            a: {b: 1}            | {}                   | {"a":{"b":1}}
            """)
    void mergesAsHelmDoes(String first, String second, String merged) throws ValuesException {
        assertEquals(
                merged,
                ValuesFile.parse(first).merge(ValuesFile.parse(second)).json().toString());
    }

    @Test
    void mergeDoesNotModifyOperands() throws ValuesException {
        var first = ValuesFile.parse("a: {b: 1}");
        var second = ValuesFile.parse("a: {c: 2}");
        first.merge(second);
        assertEquals(Map.of("a", Map.of("b", 1)), first.tree());
        assertEquals(Map.of("a", Map.of("c", 2)), second.tree());
    }

    @Test
    void createsTreeFromPath() {
        assertEquals(
                Map.of("a", Map.of("b-c", Map.of("d", true))),
                Values.of("a.b-c.d", true).tree());
        assertEquals(Map.of("a", 1), Values.of("a", 1).tree());
    }

    @Test
    void findsValueAtPath() throws ValuesException {
        var values = ValuesFile.parse("a: {b: {c: 1}, d: null}");
        assertEquals(Optional.of(1), values.at("a.b.c"));
        assertEquals(Optional.empty(), values.at("a.d"));
        assertEquals(Optional.empty(), values.at("a.b.c.d"));
        assertEquals(Optional.empty(), values.at("x.y"));
    }

    @Test
    void isImmutableCopy() {
        var list = new ArrayList<>(List.of(1));
        var values = new Values(Map.of("a", list));
        list.add(2);
        assertEquals(Map.of("a", List.of(1)), values.tree());
        assertThrows(UnsupportedOperationException.class, () -> values.tree().put("b", 1));
    }

    @Test
    void findsNullsAtAnyDepth() throws ValuesException {
        assertEquals(
                List.of("a.b", "d", "e.f"),
                ValuesFile.parse("{a: {b: [{c: 1}, null]}, d: null, e: {f: , g: []}}")
                        .nullPaths());
        assertEquals(List.of(), ValuesFile.parse("a: {b: [{c: 0}]}").nullPaths());
    }
}
