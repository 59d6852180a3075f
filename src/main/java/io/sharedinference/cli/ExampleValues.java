package io.sharedinference.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values that the example stack files came with, and that nobody has replaced. */
record ExampleValues(String stack, Path file) {

    private static final Pattern EXAMPLE =
            Pattern.compile("^[^#]*\\b([\\w.-]*(example\\.(com|org|net)|\\.example)|my-cluster)\\b");

    Finding finding() {
        var subject = file.getFileName().toString();
        try (var lines = Files.lines(file)) {
            var left = lines.map(EXAMPLE::matcher)
                    .filter(matcher -> matcher.find())
                    .map(matcher -> matcher.group(1))
                    .distinct()
                    .collect(Collectors.joining(", "));
            return left.isEmpty()
                    ? Finding.ok(subject, "no example values")
                    : Finding.problem(subject, "has example values: " + left, "replace them in " + file);
        } catch (IOException e) {
            return Finding.problem(subject, "can't be read: " + e.getMessage(), "make it readable for this user");
        }
    }
}
