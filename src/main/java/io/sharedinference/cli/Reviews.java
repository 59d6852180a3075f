package io.sharedinference.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sharedinference.review.Markdown;
import io.sharedinference.review.PlainText;
import io.sharedinference.review.Review;
import io.sharedinference.review.ReviewJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where reviews go: printed, and as files for another job. */
final class Reviews {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final Form form;
    private final boolean single;
    private final Optional<Path> folder;
    private final ArrayNode reported = JSON.createArrayNode();

    /** What is printed. */
    enum Form {
        /** For people on a terminal. */
        TEXT,
        /** For comments on pull requests. */
        MARKDOWN,
        JSON
    }

    /**
     * @param single whether one stack was named, whose review is the JSON object
     * @param folder gets NAME.json and NAME.md of each
     */
    Reviews(PrintWriter out, Form form, boolean single, Optional<Path> folder) {
        this.out = out;
        this.form = form;
        this.single = single;
        this.folder = folder;
    }

    /** @return whether there is a full review */
    boolean report(Review review) {
        folder.ifPresent(existing -> write(existing, review));
        switch (form) {
            case JSON -> reported.add(tree(review));
            case MARKDOWN -> out.println(Markdown.of(review));
            case TEXT -> out.println(PlainText.of(review));
        }
        out.flush();
        return review.failures().isEmpty();
    }

    /** One object, however many reviews there are. */
    void end() {
        if (form == Form.JSON) {
            var whole = single && reported.size() == 1
                    ? reported.get(0)
                    : JSON.createObjectNode().set("previews", reported);
            out.println(whole.toPrettyString());
            out.flush();
        }
    }

    private static JsonNode tree(Review review) {
        try {
            return JSON.readTree(ReviewJson.write(review));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a review that isn't JSON", e);
        }
    }

    private static void write(Path folder, Review review) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(review.stack() + ".json"), ReviewJson.write(review));
            Files.writeString(folder.resolve(review.stack() + ".md"), Markdown.of(review));
        } catch (IOException e) {
            throw new CommandException("a review can't be written to " + folder + ": " + e.getMessage(), e);
        }
    }
}
