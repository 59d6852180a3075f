package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.review.Review;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReviewOutputTest {

    @Test
    void printsOneReviewAsTheWholeJson() throws Exception {
        assertEquals("blue", json(true, "blue").path("stack").asText());
    }

    @Test
    void printsSeveralReviewsAsOneObject() throws Exception {
        assertEquals(0, json(false).path("previews").size());
        assertEquals("blue", json(false, "blue").at("/previews/0/stack").asText());
        assertEquals(
                "green", json(false, "blue", "green").at("/previews/1/stack").asText());
    }

    /** Fails when there is more behind the first object. */
    private static JsonNode json(boolean single, String... stacks) throws Exception {
        var text = new StringWriter();
        var reviews = new ReviewOutput(new PrintWriter(text), ReviewOutput.Format.JSON, single, Optional.empty());
        for (var stack : stacks) {
            reviews.report(
                    new Review(stack, Review.Purpose.UPDATE, List.of(), 0, List.of(), Optional.empty(), List.of()));
        }
        reviews.end();
        try (var values = new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(text.toString())) {
            var all = values.readAll();
            assertEquals(1, all.size());
            return all.get(0);
        }
    }
}
