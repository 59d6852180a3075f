package io.sharedinference.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.ContentKind;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each body is read in one piece, byte by byte, and in random segments, with the same result. */
class UsageScannerTest {
    private final UsageScanner scan = new UsageScanner(new byte[64]);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"llama\",\"messages\":[]}                                             | llama",
                "{ \"messages\" : [ { \"model\" : \"no\" } ] , \"model\" : \"org/name\" }          | org/name",
                "{\"model\":\"org\\/na\\\\me\"}                                                    | org/na\\me",
                "{\"content\":\"\\\"model\\\":\\\"no\\\"\",\"n\":1}                                | ``",
                "{\"content\":\"ends with a backslash\\\\\",\"model\":\"yes\"}                     | yes",
                "{\"tools\":{\"model\":\"no\"},\"x\":\"model\",\"y\":\"no\"}                       | ``",
                "{\"x\":[\"model\",\"no\"],\"model\":null}                                         | ``",
                "[{\"model\":\"no\"}]                                                              | ``",
                "\"model\":\"no\"                                                                  | ``",
                "{\"model\":\"\\u0061\\u00e9\\n\\uD83D\\uDE00\"}            | `a\u00e9\n\uD83D\uDE00`",
                "{\"model\":\"cheap\",\"mod\\u0065l\":\"dear\"}  | dear",
                "{\"model\":\"\\uD83D\"}             | ``",
                "{\"model\":\"\\uDE00\"}             | ``",
                "{\"model\":\"\\uD83Dx\"}            | ``",
                "{\"model\":\"\\u00zz\"}             | ``",
                "{\"model\":\"\\x\"}                 | ``",
                "{\"model\":\"real\",\"response\":{\"model\":\"other\"}} | real",
                "{\"model\":\"first\",\"model\":\"second\"}                                        | second",
                "}}}]]]{\"model\":\"after nonsense\"}                                              | after nonsense",
            })
    void theModelIsATopLevelKey(String json, String model) {
        inEveryCut(
                ContentKind.JSON, json, () -> assertEquals(model, scan.model().orElse(""), json));
    }

    @Test
    void eventsOfTheResponsesApiHaveTheirUsageInTheResponse() {
        String events = """
            event: response.created
            data: {"type":"response.created","response":{"model":"dear","usage":null}}

            event: response.completed
            data: {"response":{"model":"dear","output":[{"usage":{"input_tokens":99}}],"usage":{"input_tokens":7,"output_tokens":5,"total_tokens":12,"input_tokens_details":{"input_tokens":98}}},"usage":"no"}

            """;
        inEveryCut(ContentKind.EVENT_STREAM, events, () -> {
            assertEquals(OptionalLong.of(7), scan.tokens().prompt());
            assertEquals(OptionalLong.of(5), scan.tokens().completion());
            assertEquals(OptionalLong.of(12), scan.tokens().total());
            assertEquals("dear", scan.model().orElse(""));
        });
    }

    @Test
    void onlyTheLastUsageCounts() {
        inEveryCut(
                ContentKind.JSON,
                "{\"usage\":{\"prompt_tokens\":9,\"total_tokens\":9},\"usage\":{\"completion_tokens\":1}}",
                () -> {
                    assertEquals(OptionalLong.empty(), scan.tokens().prompt());
                    assertEquals(OptionalLong.of(1), scan.tokens().completion());
                });
    }

    @Test
    void aModelNameThatIsTooLongIsIgnored() {
        inEveryCut(
                ContentKind.JSON,
                "{\"model\":\"" + "x".repeat(97) + "\",\"" + "model".repeat(30) + "\":\"no\"}",
                () -> assertEquals("", scan.model().orElse("")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":34,\"total_tokens\":46}} | 12 |"
                        + " 34 | 46",
                "{ \"usage\" : { \"prompt_tokens\" : 12 , \"total_tokens\" : 12 } }                             | 12 |"
                        + " -1 | 12",
                "{\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}                                           | 1  |"
                        + " 2  | 3",
                "{\"num_tokens_prompt_total\":5,\"num_tokens_generated\":6}                                     | 5  |"
                        + " 6  | 11",
                "{\"usage\":{\"prompt_tokens_details\":{\"prompt_tokens\":9},\"prompt_tokens\":1}}              | 1  |"
                        + " -1 | -1",
                "{\"choices\":[{\"usage\":{\"prompt_tokens\":9}}]}                                              | -1 |"
                        + " -1 | -1",
                "{\"text\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":9}\"}                                         | -1 |"
                        + " -1 | -1",
                "{\"text\":\"}\",\"prompt_tokens\":9,\"x\":{\"prompt_tokens\":9}}                               | -1 |"
                        + " -1 | -1",
                "{\"usage\":[{\"prompt_tokens\":9}],\"x\":{\"prompt_tokens\":9}}                                | -1 |"
                        + " -1 | -1",
                "{\"usage\":null,\"x\":{\"prompt_tokens\":9}}                                                   | -1 |"
                        + " -1 | -1",
                "{\"usage\":\"x\",\"prompt_tokens\":9}                                                          | -1 |"
                        + " -1 | -1",
                "{\"usage\":{\"prompt_tokens\":-9,\"completion_tokens\":1.5,\"total_tokens\":\"9\"}}            | -1 |"
                        + " -1 | -1",
                "{\"usage\":{\"prompt_tokens\":1e3,\"completion_tokens\":[7]}}                                  | -1 |"
                        + " -1 | -1",
                "{\"usage\":{\"prompt_tokens\":99999999999999999999}}                        | 1000000000000 | -1 | -1",
            })
    void tokenUsageIsReadFromTheDocumentItself(String json, long prompt, long completion, long total) {
        inEveryCut(ContentKind.JSON, json, () -> assertTokens(json, prompt, completion, total));
    }

    @Test
    void eventsAreReadOneByOneAndTheLastUsageCounts() {
        String events = """
            : comment {"usage":{"prompt_tokens":99}}
            event: {"usage":{"prompt_tokens":99}}
            data: {"choices":[{"delta":{"content":"data: {\\"usage\\":{\\"prompt_tokens\\":99}}"}}],"usage":null}

            data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}

            data: {"unfinished":"text

            data:{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46}}

            data: {"text":"nothing
            data: [DONE]

            """;
        inEveryCut(ContentKind.EVENT_STREAM, events, () -> assertTokens(events, 12, 34, 46));
        String crlf = events.replace("\n", "\r\n");
        inEveryCut(ContentKind.EVENT_STREAM, crlf, () -> assertTokens(crlf, 12, 34, 46));
    }

    @Test
    void onlyTheBodyThatIsBeingReadCounts() {
        take(ContentKind.JSON, "{\"model\":\"a\",\"usage\":{\"prompt_tokens\":1},\"open\":\"", 100);
        take(ContentKind.JSON, "{\"model\":\"b\"}", 100);
        assertEquals("b", scan.model().orElse(""));
        assertTokens("the second", -1, -1, -1);
        take(ContentKind.OTHER, "{\"model\":\"b\"}", 100);
        assertEquals("", scan.model().orElse(""));
    }

    @Test
    void malformedBodiesAreIgnored() {
        Random random = new Random(7);
        byte[] alphabet = "{}[]\",:\\\n0123 model usage prompt_tokens data:".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append((char) alphabet[random.nextInt(alphabet.length)]);
            }
            for (ContentKind kind : ContentKind.values()) {
                take(kind, text.toString(), 1);
                String model = scan.model().orElse("");
                OptionalLong prompt = scan.tokens().prompt();
                take(kind, text.toString(), 1_000);
                assertEquals(model, scan.model().orElse(""), text::toString);
                assertEquals(prompt, scan.tokens().prompt(), text::toString);
            }
        }
    }

    private void inEveryCut(ContentKind kind, String body, Runnable check) {
        for (int size : new int[] {1, 2, 3, 7, 13, 64, 65, 10_000}) {
            take(kind, body, size);
            check.run();
        }
    }

    private void take(ContentKind kind, String body, int size) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        scan.begin(kind);
        for (int at = 0; at < bytes.length; at += size) {
            ByteBuf piece = Unpooled.wrappedBuffer(bytes);
            scan.data(piece, at, Math.min(size, bytes.length - at));
        }
    }

    private void assertTokens(String body, long prompt, long completion, long total) {
        assertEquals(prompt, scan.tokens().prompt().orElse(-1), body);
        assertEquals(completion, scan.tokens().completion().orElse(-1), body);
        assertEquals(total, scan.tokens().total().orElse(-1), body);
    }
}
