package io.sharedinference.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.sharedinference.secrets.Redaction;
import java.io.IOException;
import java.util.Optional;

/** A review as JSON: {@code ./tenant preview --json}, and what one job of a pull request passes to the next. */
public final class ReviewJson {

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private ReviewJson() {}

    public static String write(Review review) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(review);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a review as JSON", e);
        }
    }

    /** @throws IOException if it is not exactly a review; the message quotes nothing */
    public static Review read(byte[] json) throws IOException {
        try {
            return Optional.ofNullable(JSON.readValue(json, Review.class)).orElseThrow(IOException::new);
        } catch (IOException e) {
            throw new IOException("is not a review in JSON");
        }
    }

    /** Masks every string of a review. */
    static Review masked(Review review, Redaction redaction) {
        try {
            return JSON.treeToValue(masked(JSON.<JsonNode>valueToTree(review), redaction), Review.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot read a masked review", e);
        }
    }

    private static JsonNode masked(JsonNode node, Redaction redaction) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(masked(field.getValue(), redaction)));
        } else if (node instanceof ArrayNode array) {
            for (var i = 0; i < array.size(); i++) {
                array.set(i, masked(array.get(i), redaction));
            }
        }
        return node.isTextual() ? TextNode.valueOf(redaction.apply(node.asText())) : node;
    }
}
