package io.sharedinference.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds values of the example stack files that were not replaced. */
record ExampleValues(String stack, Path file) {

    private static final Pattern EXAMPLE =
            Pattern.compile("^[^#]*\\b([\\w.-]*(example\\.(com|org|net)|\\.example)|my-cluster)\\b");

    Finding finding() {
        var subject = file.getFileName().toString();
        try (var lines = Files.lines(file)) {
            var values = lines.map(EXAMPLE::matcher)
                    .filter(matcher -> matcher.find())
                    .map(matcher -> matcher.group(1))
                    .distinct()
                    .collect(Collectors.joining(", "));
            return values.isEmpty()
                    ? Finding.ok(subject, "no example values")
                    : Finding.problem(subject, "contains example values: " + values, "replace them in " + file);
        } catch (IOException e) {
            return Finding.problem(subject, "cannot read the file: " + e.getMessage(), "grant this user read access");
        }
    }
}
