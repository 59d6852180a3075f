package io.sharedinference.cli;

import io.sharedinference.review.Markdown;
import io.sharedinference.review.Review;
import io.sharedinference.review.ReviewJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where reviews go: printed, and as files for another job.
 *
 * @param folder gets NAME.json and NAME.md of each
 */
record Reviews(PrintWriter out, boolean json, Optional<Path> folder) {

    /** @return whether there is a full review */
    boolean report(Review review) {
        out.println(json ? ReviewJson.write(review) : Markdown.of(review));
        out.flush();
        folder.ifPresent(existing -> write(existing, review));
        return review.failures().isEmpty();
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
