package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesFileTest {

    /** Scalars as go.yaml.in/yaml/v2 resolves them, which Helm reads its files with. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            true            | true
            Yes             | true
            on              | true
            y               | true
            no              | false
            OFF             | false
            n               | false
            "yes"           | "yes"
            yEs             | "yEs"
            ~               | null
            null            | null
            ``              | null
            nUll            | "nUll"
            2001-12-14      | "2001-12-14"
            2001-12-14T21:59:43Z | "2001-12-14T21:59:43Z"
            12:30:45        | "12:30:45"
            12:30           | "12:30"
            190:20:30.15    | "190:20:30.15"
            007             | 7
            0o17            | 15
            0x1F            | 31
            0b101           | 5
            -12             | -12
            +12             | 12
            1_000           | 1000
            08              | 8.0
            1e3             | 1000.0
            1.5             | 1.5
            .5              | 0.5
            1.2.3           | "1.2.3"
            2147483648      | 2.147483648E9
            v1              | "v1"
            "007"           | "007"
            '1'             | "1"
            sha256:12       | "sha256:12"
            0123456789abcdef | "0123456789abcdef"
            123456e7        | 1.23456E12
            !!str yes       | "yes"
            =               | "="
            """)
    void readsScalarsAsHelmDoes(String yaml, String json) throws ValuesException {
        assertEquals(
                "{\"a\":" + json + "}",
                ValuesFile.parse("a: " + (yaml == null ? "" : yaml)).json().toString());
    }

    @Test
    void resolvesAnchorsAndMergeKeys() throws ValuesException {
        assertEquals("""
                {"base":{"a":1,"b":2},"user":{"a":1,"b":3},"same":{"a":1,"b":2}}""", ValuesFile.parse("""
                base: &base {a: 1, b: 2}
                user:
                  <<: *base
                  b: 3
                same: *base
                """).json().toString());
    }

    @Test
    void convertsKeysToStrings() throws ValuesException {
        assertEquals(
                "{\"1\":\"a\",\"true\":\"b\"}",
                ValuesFile.parse("1: a\nyes: b\n").json().toString());
    }

    /** What is more of the kind, and against Helm itself: HelmValuesIT. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a: 12e4567                   | "12e4567"
            a: 1\\nb: 2\\na: 3           | 3
            a: !custom b                 | "b"
            a: ! 12                      | "12"
            a: !!binary aGk=             | "hi"
            a: 1\\n---\\n               | 1
            a: 1\\n--- # nothing\\n     | 1
            a: 1\\n...\\n               | 1
            z: &z {b: 1}\\na: {b: 2, <<: *z} | {"b":1}
            a: {1.5: x, 1e6: z}          | {"1.5":"x","1e+06":"z"}
            a: [b:, "😀", &x c:, d :, *x] | ["b:","😀","c:","d :","c:"]
            a: {b:, c: d:, e: [f::]}     | {"b:":null,"c":"d:","e":["f::"]}
            a: [? b:, c]                 | [{"b:":null},"c"]
            a: {b: 1, c : [d: 2], "e":}  | {"b":1,"c":[{"d":2}],"e":null}
            a: !!binary YeKCYu2ggMM=     | "a\uFFFD\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD"
            """)
    void readsOtherHelmSyntax(String yaml, String json) throws ValuesException {
        assertEquals(
                json,
                ValuesFile.parse(yaml.replace("\\n", "\n")).json().get("a").toString());
    }

    @ParameterizedTest
    @CsvSource({"''", "'# only a comment'", "---", "'{}'"})
    void readsEmptyFile(String text) throws ValuesException {
        assertEquals(Values.EMPTY, ValuesFile.parse(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: [1                     | line 1, column 6
            a: 1\\n b: 2              | line 2, column 3
            a:\\n\\t- b               | line 2, column 1
            a: *nobody                | line 1, column 4
            a: !!int b                | line 1, column 4
            a: .inf                   | line 1, column 4
            a: .nan                   | line 1, column 4
            - a                       | a list
            text                      | a single value
            a: 1\\n---\\nb: 2         | several YAML documents
            a: &a [*a]                | an anchor contains itself
            a: &a {b: *a}             | an anchor contains itself
            ? [a, b]\\n: c            | the key is not a string
            a: !!binary aGk           | line 1, column 4
            """)
    void reportsUnreadableYaml(String text, String expected) {
        var message = assertThrows(
                        ValuesException.class,
                        () -> ValuesFile.parse(text.replace("\\n", "\n").replace("\\t", "\t")))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void reportsMissingOrBinaryFile(@TempDir Path directory) throws IOException {
        assertEquals(
                "file not found",
                assertThrows(ValuesException.class, () -> ValuesFile.read(directory.resolve("none.yaml")))
                        .getMessage());
        var binary = Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xc3, 0x28});
        assertEquals(
                "is not UTF-8 text",
                assertThrows(ValuesException.class, () -> ValuesFile.read(binary))
                        .getMessage());
        assertTrue(assertThrows(ValuesException.class, () -> ValuesFile.read(directory))
                .getMessage()
                .startsWith("cannot be read"));
    }
}
