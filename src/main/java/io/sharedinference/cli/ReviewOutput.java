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

/** Prints reviews, and writes them to files for another job. */
final class ReviewOutput {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final Format format;
    private final boolean single;
    private final Optional<Path> directory;
    private final ArrayNode reported = JSON.createArrayNode();

    /** The output format. */
    enum Format {
        /** For a terminal. */
        TEXT,
        /** For comments on pull requests. */
        MARKDOWN,
        JSON
    }

    /**
     * @param single    whether a single stack was named, whose review is the whole JSON
     * @param directory to write NAME.json and NAME.md of each review to
     */
    ReviewOutput(PrintWriter out, Format format, boolean single, Optional<Path> directory) {
        this.out = out;
        this.format = format;
        this.single = single;
        this.directory = directory;
    }

    /** @return whether the review is complete */
    boolean report(Review review) {
        directory.ifPresent(existing -> write(existing, review));
        switch (format) {
            case JSON -> reported.add(tree(review));
            case MARKDOWN -> out.println(Markdown.of(review));
            case TEXT -> out.println(PlainText.of(review));
        }
        out.flush();
        return review.failures().isEmpty();
    }

    /** Prints the JSON object. */
    void end() {
        if (format == Format.JSON) {
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
            throw new IllegalStateException("invalid JSON of a review", e);
        }
    }

    private static void write(Path directory, Review review) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(review.stack() + ".json"), ReviewJson.write(review));
            Files.writeString(directory.resolve(review.stack() + ".md"), Markdown.of(review));
        } catch (IOException e) {
            throw new CommandException(
                    "cannot write a review to " + directory + ": " + e.getMessage()
                            + "\nFix: pass a writable directory with --output DIR.",
                    e);
        }
    }
}
