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

/** Every path that decides what is read under a name: links on the way there and within, their targets, and charts beside. */
final class SourcePaths {

    private static final Pattern CHART_BESIDE = Pattern.compile("repository[\"']?\\s*:\\s*[\"']?file://([^\"'\\s,}]+)");
    private static final int MOST_LINKS = 40; // as Linux follows

    private final Set<Path> paths = new LinkedHashSet<>();

    private SourcePaths() {}

    /** @param names absolute; what isn't there is among the result as well */
    static Set<Path> of(List<Path> names) {
        var sources = new SourcePaths();
        names.forEach(name -> sources.add(name, MOST_LINKS));
        return sources.paths;
    }

    private void add(Path name, int links) {
        var path = resolve(name, links);
        if (paths.add(path) && Files.isDirectory(path)) {
            within(path, links);
        }
    }

    /** Without links; each link that was followed is noted. */
    private Path resolve(Path name, int links) {
        var left = links;
        var path = name.getRoot();
        var rest = name;
        for (var i = 0; i < rest.getNameCount(); i++) {
            var step = path.resolve(rest.getName(i)).normalize();
            if (Files.isSymbolicLink(step) && left-- > 0) {
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

    private void within(Path directory, int links) {
        try (var tree = Files.walk(directory)) { // follows no links
            for (var path : tree.toList()) {
                if (Files.isSymbolicLink(path) && links > 0) {
                    add(path, links - 1);
                } else if (path.endsWith("Chart.yaml")) {
                    beside(path, links);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " can't be read", e);
        }
    }

    private void beside(Path chart, int links) throws IOException {
        // whatever its encoding: the paths that are looked for are found
        var text = new String(Files.readAllBytes(chart), StandardCharsets.UTF_8);
        CHART_BESIDE
                .matcher(text)
                .results()
                .map(found -> chart.resolveSibling(found.group(1)).normalize())
                .forEach(path -> add(path, links));
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw new UncheckedIOException(link + " can't be read", e);
        }
    }
}
