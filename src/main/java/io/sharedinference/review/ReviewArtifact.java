package io.sharedinference.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reviews that another job wrote. The job may have run untrusted code, so only the content of reviews is read: no Markdown and
 * no pull request number.
 */
public final class ReviewArtifact {

    private static final int MAX_FILES = 1000;
    private static final long MAX_BYTES = 5L * 1024 * 1024;
    private static final String NAME = "[\\w-][\\w.-]{0,99}";

    private ReviewArtifact() {}

    /**
     * @return sorted by stack
     * @throws IOException if a file is not a valid review; the message has its path
     */
    public static List<Review> read(Path directory) throws IOException {
        var reviews = new ArrayList<Review>();
        try (var tree = Files.walk(directory)) { // follows no links
            var files = tree.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .limit(MAX_FILES + 1L)
                    .sorted()
                    .toList();
            if (files.size() > MAX_FILES) {
                throw new IOException(directory + " has more than " + MAX_FILES + " files");
            }
            for (var file : files) {
                reviews.add(review(file));
            }
        }
        return reviews;
    }

    private static Review review(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is not a regular file, or is larger than " + MAX_BYTES + " bytes");
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
