package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation tells people to type exists: commands, options, scripts, linked pages. */
class DocumentationTest {

    private static final Pattern BLOCK = Pattern.compile("^ *```sh\\n(.*?)^ *```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMMAND = Pattern.compile("\\./tenant((?: [^\\s#|<>()&;]+)+)");
    private static final Pattern SCRIPT = Pattern.compile("(?<![\\w.])\\./([\\w./-]+)");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]+)");
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
    void linksLeadSomewhere(Path page) throws IOException {
        all(LINK, Files.readString(page))
                .forEach(link -> assertTrue(
                        Files.exists(page.resolveSibling(link.group(1)).normalize()), page + ": " + link.group(1)));
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
