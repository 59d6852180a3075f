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
class InferenceTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HERE      | global: {inference: {enabled: false}}                 | global.inference.enabled
            HERE      | inference-api-proxy: {enabled: true}                  | inference-api-proxy.enabled
            ELSEWHERE | global: {inference: {enabled: true}}                  | global.inference.enabled
            ELSEWHERE | inference-api-proxy: {enabled: false}                 | inference-api-proxy.enabled
            HERE      | global: {inference: {enabled: "true"}}                | no other type of value
            ELSEWHERE | inference-api-proxy: {enabled: 1}                     | no other type of value
            HERE      | global: {inference: on}                               | must hold keys and values
            HERE      | global: x                                             | must hold keys and values
            ELSEWHERE | inference-api-proxy: [a]                              | must hold keys and values
            """)
    void whatContradictsTheRoleIsRefused(Inference inference, String yaml, String expected) throws ValuesException {
        var message = problems(inference, source("mine.yaml", yaml));
        assertAll(
                () -> assertTrue(message.contains("mine.yaml: "), message),
                () -> assertTrue(message.contains(expected), message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HERE      | global: {inference: {enabled: true}, other: 1}
            HERE      | inference-api-proxy: {enabled: no}
            ELSEWHERE | global: {inference: {enabled: off}}
            ELSEWHERE | inference-api-proxy: {enabled: yes}
            ELSEWHERE | {}
            HERE      | global: {inference: null}
            """)
    void whatAgreesWithTheRoleIsAccepted(Inference inference, String yaml) throws ValuesException {
        assertEquals("", problems(inference, source("mine.yaml", yaml)));
    }

    @Test
    void bothContradictionsAreToldTogetherEachWithItsFile() throws ValuesException {
        var message = problems(
                Inference.HERE,
                source("a.yaml", "global: {inference: {enabled: false}}"),
                source("b.yaml", "inference-api-proxy: {enabled: true}"));
        assertTrue(
                message.contains("a.yaml: global.inference.enabled")
                        && message.contains("b.yaml: inference-api-proxy.enabled"),
                message);
    }

    @Test
    void theFileThatCountsIsTheLastOne() throws ValuesException {
        var off = source("off.yaml", "global: {inference: {enabled: false}}");
        var on = source("on.yaml", "global: {inference: {enabled: true}}");
        assertEquals("", problems(Inference.HERE, off, on));
        assertTrue(problems(Inference.HERE, on, off).contains("off.yaml"));
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
    void whateverTheValuesSayExactlyOneOfBothIsOnInTheEnd(String yaml) throws ValuesException {
        for (var inference : Inference.values()) {
            var values = inference.enforce(ValuesFile.parse(yaml));
            assertEquals(Optional.of(inference == Inference.HERE), values.at("global.inference.enabled"));
            assertEquals(Optional.of(inference == Inference.ELSEWHERE), values.at("inference-api-proxy.enabled"));
        }
    }

    private static UserValues.Source source(String name, String yaml) throws ValuesException {
        return new UserValues.Source(name, ValuesFile.parse(yaml));
    }

    private static String problems(Inference inference, UserValues.Source... sources) {
        var problems = new Problems();
        inference.check(new UserValues(List.of(sources)), problems);
        return String.join("\n", problems.all().stream().map(Problem::toString).toList());
    }
}
