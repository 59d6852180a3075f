package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inference xor proxy. */
class InferenceModeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LOCAL      | global: {inference: {enabled: false}}                 | global.inference.enabled
            LOCAL      | inference-api-proxy: {enabled: true}                  | inference-api-proxy.enabled
            REMOTE | global: {inference: {enabled: true}}                  | global.inference.enabled
            REMOTE | inference-api-proxy: {enabled: false}                 | inference-api-proxy.enabled
            LOCAL      | global: {inference: {enabled: "true"}}                | the boolean
            REMOTE | inference-api-proxy: {enabled: 1}                     | the boolean
            LOCAL      | global: {inference: on}                               | must be a map
            LOCAL      | global: x                                             | must be a map
            REMOTE | inference-api-proxy: [a]                              | must be a map
            """)
    void rejectsValuesThatContradictTheRole(InferenceMode inference, String yaml, String expected)
            throws ValuesException {
        var message = problems(inference, source("mine.yaml", yaml));
        assertAll(
                () -> assertTrue(message.contains("mine.yaml: "), message),
                () -> assertTrue(message.contains(expected), message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LOCAL      | global: {inference: {enabled: true}, other: 1}
            LOCAL      | inference-api-proxy: {enabled: no}
            REMOTE | global: {inference: {enabled: off}}
            REMOTE | inference-api-proxy: {enabled: yes}
            REMOTE | {}
            LOCAL      | global: {inference: null}
            """)
    void acceptsValuesThatMatchTheRole(InferenceMode inference, String yaml) throws ValuesException {
        assertEquals("", problems(inference, source("mine.yaml", yaml)));
    }

    @Test
    void reportsBothContradictionsWithTheirFiles() throws ValuesException {
        var message = problems(
                InferenceMode.LOCAL,
                source("a.yaml", "global: {inference: {enabled: false}}"),
                source("b.yaml", "inference-api-proxy: {enabled: true}"));
        assertTrue(
                message.contains("a.yaml: global.inference.enabled")
                        && message.contains("b.yaml: inference-api-proxy.enabled"),
                message);
    }

    @Test
    void reportsLastFileThatSetsTheValue() throws ValuesException {
        var off = source("off.yaml", "global: {inference: {enabled: false}}");
        var on = source("on.yaml", "global: {inference: {enabled: true}}");
        assertEquals("", problems(InferenceMode.LOCAL, off, on));
        assertTrue(problems(InferenceMode.LOCAL, on, off).contains("off.yaml"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}
            global: {inference: {enabled: false}}
            global: {inference: {enabled: true}}
            inference-api-proxy: {enabled: false}
            inference-api-proxy: {enabled: true}
            global: {inference: {enabled: true}, x: 1}
            global: null
            global: text
            inference-api-proxy: [1]
            """)
    void enforcesExactlyOneSwitch(String yaml) throws ValuesException {
        for (var inference : InferenceMode.values()) {
            var values = inference.enforce(ValuesFile.parse(yaml));
            assertEquals(Optional.of(inference == InferenceMode.LOCAL), values.at("global.inference.enabled"));
            assertEquals(Optional.of(inference == InferenceMode.REMOTE), values.at("inference-api-proxy.enabled"));
        }
    }

    private static UserValues.Source source(String name, String yaml) throws ValuesException {
        return new UserValues.Source(name, ValuesFile.parse(yaml));
    }

    private static String problems(InferenceMode inference, UserValues.Source... sources) {
        var problems = new Problems();
        inference.check(new UserValues(List.of(sources)), problems);
        return String.join("\n", problems.all().stream().map(Problem::toString).toList());
    }
}
