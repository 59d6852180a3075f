package io.sharedinference.review;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** All paths whose content a file or directory depends on: symbolic links, their targets, and local chart dependencies. */
final class SourcePaths {

    private static final Pattern LOCAL_DEPENDENCY =
            Pattern.compile("repository[\"']?\\s*:\\s*[\"']?file://([^\"'\\s,}]+)");
    private static final int MAX_LINKS = 40; // the limit of Linux

    private final Set<Path> paths = new LinkedHashSet<>();

    private SourcePaths() {}

    /** @param names absolute; missing files are part of the result */
    static Set<Path> of(List<Path> names) {
        var sources = new SourcePaths();
        names.forEach(name -> sources.add(name, MAX_LINKS));
        return sources.paths;
    }

    private void add(Path name, int links) {
        var path = resolve(name, links);
        if (paths.add(path) && Files.isDirectory(path)) {
            walk(path, links);
        }
    }

    /** Follows links, and adds each to the paths. */
    private Path resolve(Path name, int links) {
        var remainingLinks = links;
        var path = name.getRoot();
        var rest = name;
        for (var i = 0; i < rest.getNameCount(); i++) {
            var step = path.resolve(rest.getName(i)).normalize();
            if (Files.isSymbolicLink(step) && remainingLinks-- > 0) {
                paths.add(step);
                var target = path.resolve(target(step));
                rest = i + 1 < rest.getNameCount() ? target.resolve(rest.subpath(i + 1, rest.getNameCount())) : target;
                path = rest.getRoot();
                i = -1;
            } else {
                path = step;
            }
        }
        return path;
    }

    private void walk(Path directory, int links) {
        try (var tree = Files.walk(directory)) { // follows no links
            for (var path : tree.toList()) {
                if (Files.isSymbolicLink(path) && links > 0) {
                    add(path, links - 1);
                } else if (path.endsWith("Chart.yaml")) {
                    addDependencies(path, links);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private void addDependencies(Path chart, int links) throws IOException {
        // in any encoding, paths are ASCII
        var text = new String(Files.readAllBytes(chart), StandardCharsets.UTF_8);
        LOCAL_DEPENDENCY
                .matcher(text)
                .results()
                .map(found -> chart.resolveSibling(found.group(1)).normalize())
                .forEach(path -> add(path, links));
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + link, e);
        }
    }
}
