package io.sharedinference.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The reviews that another job wrote. That job may have run anybody's code, so its files are trusted in nothing but what
 * they say of the stacks: no Markdown and no number of a pull request is taken from them.
 */
public final class ReviewArtifact {

    private static final int MOST_FILES = 1000;
    private static final long LARGEST = 5L * 1024 * 1024; // in bytes
    private static final String NAME = "[\\w-][\\w.-]{0,99}";

    private ReviewArtifact() {}

    /**
     * @return sorted by stack
     * @throws IOException if any of it isn't as our own program would have written it; the message names the file
     */
    public static List<Review> read(Path directory) throws IOException {
        var reviews = new ArrayList<Review>();
        try (var tree = Files.walk(directory)) { // follows no links
            var files = tree.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .limit(MOST_FILES + 1L)
                    .sorted()
                    .toList();
            if (files.size() > MOST_FILES) {
                throw new IOException(directory + " has more than " + MOST_FILES + " files");
            }
            for (var file : files) {
                reviews.add(review(file));
            }
        }
        return reviews;
    }

    private static Review review(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LARGEST) {
            throw new IOException(file + " is not a regular file, or is larger than " + LARGEST + " bytes");
        }
        try {
            var review = ReviewJson.read(Files.readAllBytes(file));
            if (!review.stack().matches(NAME) || !file.getFileName().toString().equals(review.stack() + ".json")) {
                throw new IOException("is not named after its stack");
            }
            return review;
        } catch (IOException e) {
            throw new IOException(file + " " + e.getMessage());
        }
    }
}
