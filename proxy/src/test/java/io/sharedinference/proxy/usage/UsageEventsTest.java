package io.sharedinference.proxy.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Only the effects of include_usage are removed. */
class UsageEventsTest {
    private static final String LAST = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";

    private final UsageEvents events = new UsageEvents(new byte[1024], UnpooledByteBufAllocator.DEFAULT);

    @Provide
    Arbitrary<EventStreams.Pair> streams() {
        return EventStreams.pairs();
    }

    @Provide
    Arbitrary<List<Integer>> pieces() {
        return Arbitraries.integers().between(1, 700).list().ofMinSize(1).ofMaxSize(20);
    }

    @Property
    void anyStreamIsForwardedWithoutUsage(
            @ForAll("streams") EventStreams.Pair stream, @ForAll("pieces") List<Integer> pieces) {
        assertEquals(
                stream.without(),
                edited(new UsageEvents(new byte[1024], UnpooledByteBufAllocator.DEFAULT), stream.with(), pieces));
    }

    @Property
    void aStreamWithoutUsageIsUnchanged(
            @ForAll("streams") EventStreams.Pair stream, @ForAll("pieces") List<Integer> pieces) {
        assertEquals(
                stream.without(),
                edited(new UsageEvents(new byte[1024], UnpooledByteBufAllocator.DEFAULT), stream.without(), pieces));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"usage\":null,\"choices\":[1]}      | {\"choices\":[1]}",
                "{\"usage\": null , \"choices\": [1]}  | {\"choices\": [1]}",
                "{\"choices\":[1] , \"usage\" : null } | {\"choices\":[1] }",
                "{\"usage\":null}                      | {}",
                "{\"u\":\"usag\",\"\":\"us\",\"usage\":null} | {\"u\":\"usag\",\"\":\"us\"}",
                "{ \"usage\" : null }                  | { }",
                "{\"choices\":[],\"usage\":null,\"prompt_filter_results\":[]} |"
                        + " {\"choices\":[],\"prompt_filter_results\":[]}",
                "{\"a\":\"\\\\\",\"usage\":null}       | {\"a\":\"\\\\\"}",
            })
    void nullUsageIsRemoved(String with, String without) {
        assertEquals("data: " + without + "\n\n", edited("data: " + with + "\n\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"usage\":null}]}",
                "{\"choices\":[1],\"usage\":{\"prompt_tokens\":1}}",
                "{\"usage\":{\"prompt_tokens\":1}}",
                "{\"choices\":null,\"usage\":{}}",
                "{\"choices\":[],\"usage\":[]}",
                "{\"choices\":[],\"usage\":{},\"usage\":{}}",
                "{\"usage\":null,\"usage\":null}",
                "{\"choices\":[],\"usage\":{}",
                "{\"choices\":[],\"usage\":{}}}",
                "{\"choices\":[],\"usage\":nulll}",
                "{\"choices\":[],\"usage\":{},}",
                "{\"choices\":[],\"usage\"",
                "{\"choices\":[],\"usage\":",
                "{\"choices\":[],\"usage\":\"x",
                "{\"choices\":[],\"usage\":\"x\\",
                "[{\"choices\":[],\"usage\":{}}]",
                "\"usage\"",
                "",
            })
    void everythingElseIsUnchanged(String data) {
        assertEquals("data: " + data + "\n\n", edited("data: " + data + "\n\n"));
    }

    @Test
    void unrequestedUsageIsUnchanged() {
        String stream = "data: {\"choices\":[1],\"usage\":{\"prompt_tokens\":1}}\n\n" + LAST + "data: [DONE]\n\n";
        assertEquals(stream, edited(stream));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void anEventIsForwardedOnceItIsComplete(String lineEnd) {
        ByteBuf out = Unpooled.buffer();
        String event = "data: {\"choices\":[1]}" + lineEnd;
        take("data: {\"choi", out);
        assertEquals(0, out.readableBytes(), "incomplete");
        assertTrue(events.heldBytes() > 0);
        assertTrue(events.atLineStart());
        take(event.substring("data: {\"choi".length()), out);
        assertEquals(0, out.readableBytes(), "the blank line is missing");
        take(lineEnd.substring(0, 1), out);
        assertEquals(event + lineEnd.charAt(0), out.toString(StandardCharsets.US_ASCII));
        assertEquals(0, events.heldBytes());
        assertEquals(lineEnd.equals("\n"), events.atLineStart(), "an LF may follow a CR");
        take(lineEnd.substring(1) + "x", out);
        assertEquals(event + lineEnd, out.toString(StandardCharsets.US_ASCII));
        events.discard();
    }

    @Test
    void anEventThatIsTooLongIsForwardedWhileItArrives() {
        String start = "data: {\"choices\":[],\"usage\":{\"x\":\"" + "x".repeat(UsageEvents.MAX_EVENT);
        ByteBuf out = Unpooled.buffer();
        take(start, out);
        assertEquals(start, out.toString(StandardCharsets.US_ASCII));
        assertEquals(0, events.heldBytes());
        assertFalse(events.atLineStart(), "a comment would end the line");
        take("\"}}\n\n" + LAST + "data: [DONE]\n\n", out);
        assertEquals(
                start + "\"}}\n\ndata: [DONE]\n\n",
                out.toString(StandardCharsets.US_ASCII),
                "the next event is not edited");
    }

    @Test
    void anIncompleteLastEventIsForwarded() {
        assertEquals("data: {\"cho", edited("data: {\"cho"));
        assertEquals("", edited(LAST.strip()));
    }

    private String edited(String stream) {
        return edited(events, stream, List.of(stream.length() + 1));
    }

    private static String edited(UsageEvents events, String stream, List<Integer> pieces) {
        ByteBuf out = Unpooled.buffer();
        for (String piece : EventStreams.cut(stream, pieces)) {
            events.take(Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1), 0, piece.length(), out);
        }
        events.finish(out);
        assertEquals(0, events.heldBytes());
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private void take(String text, ByteBuf out) {
        events.take(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), 0, text.length(), out);
    }
}
