package io.sharedinference.proxy.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** include_usage is added to the right request bodies. */
class IncludeUsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"stream\":true}                                    | ADDABLE",
                "{\"stream\":false,\"stream\":true}                   | ADDABLE",
                "{\"messages\":[{\"stream_options\":1}],\"stream\":true} | ADDABLE",
                "{\"\\u0073tream\":true}                              | ADDABLE",
                "{\"stream\":true,\"stream\":false}                   | NO_STREAM",
                "{\"stream\":true,\"stream\":null}                    | NO_STREAM",
                "{\"stream\":\"true\"}                                | NO_STREAM",
                "{\"a\":{\"stream\":true}}                            | NO_STREAM",
                "{}                                                   | NO_STREAM",
                "{\"stream\":true,\"stream_options\":{}}              | OPTIONS_PRESENT",
                "{\"stream_options\":null,\"stream\":true}            | OPTIONS_PRESENT",
                "{\"stream_\\u006fptions\":{},\"stream\":true}        | OPTIONS_PRESENT",
                "{\"stream_options\":{\"include_usage\":false},\"stream\":true} | OPTIONS_PRESENT",
                "{\"stream\":true                                     | NOT_JSON",
                "{\"stream\":true}x                                   | NOT_JSON",
                "{\"stream\":true}{}                                  | NOT_JSON",
                "{\"stream\":true,}                                   | NOT_JSON",
                "{'stream':true}                                      | NOT_JSON",
                "[{\"stream\":true}]                                  | NOT_JSON",
                "{                                                    | NOT_JSON",
                "``                                                   | NOT_JSON",
                "true                                                 | NOT_JSON",
            })
    void theLastValuesCount(String body, IncludeUsage verdict) {
        assertEquals(verdict, IncludeUsage.of(buffer(body, StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE"})
    void onlyUtf8CanBeExtended(String charset) {
        assertEquals(IncludeUsage.NOT_JSON, IncludeUsage.of(buffer("{\"stream\":true}", Charset.forName(charset))));
    }

    @Test
    void deepNestingIsNotRead() {
        String deep = "[".repeat(100_000);
        assertEquals(IncludeUsage.NOT_JSON, IncludeUsage.of(buffer("{\"a\":" + deep, StandardCharsets.UTF_8)));
    }

    @Test
    void everyOtherByteIsUnchanged() {
        ByteBuf out = Unpooled.buffer();
        ByteBuf body = buffer(" \n{ \"stream\":true } ", StandardCharsets.UTF_8);
        assertEquals(IncludeUsage.ADDABLE, IncludeUsage.of(body));
        IncludeUsage.write(body, out);
        assertEquals(
                " \n{\"stream_options\":{\"include_usage\":true}, \"stream\":true } ",
                out.toString(StandardCharsets.UTF_8));
        assertEquals(body.readableBytes() + IncludeUsage.length(), out.readableBytes());
        assertEquals(IncludeUsage.OPTIONS_PRESENT, IncludeUsage.of(out), "and it is JSON");
    }

    private static ByteBuf buffer(String text, Charset charset) {
        return Unpooled.copiedBuffer(text, charset);
    }
}
