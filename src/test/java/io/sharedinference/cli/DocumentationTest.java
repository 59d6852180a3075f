package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands, options, scripts, pages and tests that the documentation names exist. */
class DocumentationTest {

    private static final Pattern BLOCK = Pattern.compile("^ *```sh\\n(.*?)^ *```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMMAND = Pattern.compile("\\./tenant((?: [^\\s#|<>()&;]+)+)");
    private static final Pattern SCRIPT = Pattern.compile("(?<![\\w.])\\./([\\w./-]+)");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ +(.+)$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`([A-Z][a-z]\\w*(?:Test|IT))(?:\\.(\\w+))?`");
    private static final Pattern PULUMI = Pattern.compile("(?:^|&& *)pulumi (\\w[\\w-]*)", Pattern.MULTILINE);
    private static final Set<String> PULUMI_COMMANDS =
            Set.of("cancel", "config", "destroy", "import", "login", "preview", "refresh", "stack", "state", "up");

    static Stream<Path> pages() throws IOException {
        try (var docs = Files.list(Path.of("docs"))) {
            return Stream.concat(
                    Stream.of("README.md", "CONTRIBUTING.md", "sandbox/README.md", "deploy/rbac/README.md")
                            .map(Path::of),
                    docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsParse(Path page) throws IOException {
        for (var block : blocks(page)) {
            for (var command : all(COMMAND, block)) {
                var words = command.group(1).strip().split(" +");
                assertDoesNotThrow(() -> Tenant.commandLine().parseArgs(words), page + ": " + command.group());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void scriptsExist(Path page) throws IOException {
        for (var block : blocks(page)) {
            all(SCRIPT, block)
                    .forEach(
                            script -> assertTrue(Files.exists(Path.of(script.group(1))), page + ": " + script.group()));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pulumiHasTheCommands(Path page) throws IOException {
        for (var block : blocks(page)) {
            all(PULUMI, block)
                    .forEach(command ->
                            assertTrue(PULUMI_COMMANDS.contains(command.group(1)), page + ": " + command.group()));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linkTargetsExist(Path page) throws IOException {
        for (var link : all(LINK, Files.readString(page))) {
            var target = link.group(1).isEmpty()
                    ? page
                    : page.resolveSibling(link.group(1)).normalize();
            assertTrue(Files.exists(target), page + ": " + link.group());
            if (link.group(2) != null) {
                assertTrue(anchors(target).contains(link.group(2)), page + ": " + link.group());
            }
        }
    }

    /** As GitHub generates them. */
    private static Set<String> anchors(Path page) throws IOException {
        return all(HEADING, Files.readString(page)).stream()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void namedTestsExist(Path page) throws IOException {
        for (var test : all(TEST, Files.readString(page))) {
            var source = source(test.group(1));
            assertTrue(source.isPresent(), page + ": " + test.group());
            var method = Optional.ofNullable(test.group(2)).orElse("");
            assertTrue(Files.readString(source.orElseThrow()).contains(method), page + ": " + test.group());
        }
    }

    private static Optional<Path> source(String type) throws IOException {
        for (var tests : List.of("src/test/java", "proxy/src/test/java")) {
            try (var files = Files.walk(Path.of(tests))) {
                var found = files.filter(file -> file.endsWith(type + ".java")).findFirst();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> blocks(Path page) throws IOException {
        return all(BLOCK, Files.readString(page)).stream()
                .map(block -> block.group(1).replace("\\\n", " "))
                .toList();
    }

    private static List<MatchResult> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }
}
