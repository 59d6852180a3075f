package io.sharedinference.yaml;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class YamlTextTest {

    private static final Path FILE = Path.of("Pulumi.shared.yaml");
    private static final List<String> TENANTS = List.of("tenants");
    private static final UnaryOperator<YamlText> ADD = text -> text.append(TENANTS, "x");
    private static final UnaryOperator<YamlText> REMOVE = text -> text.removeItem(TENANTS, "a");
    private static final UnaryOperator<YamlText> REMOVE_B = text -> text.removeItem(TENANTS, "b");

    private record Case(String name, UnaryOperator<YamlText> edit, String before, String after) {}

    @TestFactory
    Stream<DynamicTest> changesTheEditedLinesAlone() {
        return Stream.of(
                        new Case("block", ADD, "tenants:\n  - a\n", "tenants:\n  - a\n  - x\n"),
                        new Case("no indent", ADD, "tenants:\n- a\nz: 1\n", "tenants:\n- a\n- x\nz: 1\n"),
                        new Case("no final newline", ADD, "tenants:\n  - a", "tenants:\n  - a\n  - x"),
                        new Case(
                                "CRLF", ADD, "tenants:\r\n  - a\r\nz: 1\r\n", "tenants:\r\n  - a\r\n  - x\r\nz: 1\r\n"),
                        new Case("CRLF, open", ADD, "tenants:\r\n  - a", "tenants:\r\n  - a\r\n  - x"),
                        new Case("quotes", ADD, "tenants:\n  - 'a'\n", "tenants:\n  - 'a'\n  - 'x'\n"),
                        new Case(
                                "comment of next",
                                ADD,
                                "tenants:\n- a # A\n# z\nz: 1\n",
                                "tenants:\n- a # A\n- x\n# z\nz: 1\n"),
                        new Case("empty", ADD, "tenants: [] # none\n", "tenants: [x] # none\n"),
                        new Case("null", ADD, "tenants: # none\nz: 1\n", "tenants: [x] # none\nz: 1\n"),
                        new Case("key missing", ADD, "z: 1 # one\n", "z: 1 # one\ntenants:\n  - x\n"),
                        new Case("no document", ADD, "# nothing\n", "# nothing\ntenants:\n  - x\n"),
                        new Case("empty file", ADD, "", "tenants:\n  - x\n"),
                        new Case("flow", ADD, "tenants: [a, \"b\"] # all\n", "tenants: [a, \"b\", \"x\"] # all\n"),
                        new Case(
                                "flow lines",
                                ADD,
                                "tenants: [\n  a, # A\n  b # B\n]\n",
                                "tenants: [\n  a, # A\n  b, # B\n  x\n]\n"),
                        new Case("flow comma", ADD, "tenants: [\n  a, # A\n]\n", "tenants: [\n  a, # A\n  x,\n]\n"),
                        new Case(
                                "astral",
                                ADD,
                                "e: \"\ud83d\ude00\"\ntenants: [a]\n",
                                "e: \"\ud83d\ude00\"\ntenants: [a, x]\n"),
                        new Case(
                                "maps and numbers beside",
                                ADD,
                                "tenants:\n  - {a: 1} # A\n  # two\n  - 2\n",
                                "tenants:\n  - {a: 1} # A\n  # two\n  - 2\n  - x\n"),
                        new Case("there already", ADD, "tenants:   [ x ]", "tenants:   [ x ]"),
                        new Case("anchored", ADD, "tenants: &t\n  - a\n", "tenants: &t\n  - a\n  - x\n"),
                        new Case(
                                "alias beside",
                                ADD,
                                "n: &n a\ntenants:\n  - *n\n",
                                "n: &n a\ntenants:\n  - *n\n  - x\n"),
                        new Case(
                                "take with comments",
                                REMOVE,
                                "tenants:\n  - z # Z\n\n  # of a\n  # more\n  - a # A\n    # still a\n  # of b\n  - b # B\n",
                                "tenants:\n  - z # Z\n\n  # of b\n  - b # B\n"),
                        new Case(
                                "take, CRLF",
                                REMOVE,
                                "tenants:\r\n  - a # A\r\n  - b # B\r\n",
                                "tenants:\r\n  - b # B\r\n"),
                        new Case(
                                "take last, open",
                                REMOVE_B,
                                "tenants:\r\n  - a\r\n  # B\r\n  - b",
                                "tenants:\r\n  - a"),
                        new Case("take only", REMOVE, "tenants: # all\n  - a # A\nz: 1\n", "tenants: [] # all\nz: 1\n"),
                        new Case("take quoted", REMOVE, "tenants:\n- \"a\"\n- 'b'\n", "tenants:\n- 'b'\n"),
                        new Case("header stays", REMOVE, "tenants:\n# all\n  - a\n  - b\n", "tenants:\n# all\n  - b\n"),
                        new Case("dash apart", REMOVE, "tenants:\n  -   # A\n    a\n  - b\n", "tenants:\n  - b\n"),
                        new Case("flow take", REMOVE, "tenants: [a, b] # all\n", "tenants: [b] # all\n"),
                        new Case("flow take last", REMOVE_B, "tenants: [ a, b ]\n", "tenants: [ a ]\n"),
                        new Case("flow take only", REMOVE, "tenants: [ a ]\n", "tenants: []\n"),
                        new Case(
                                "flow take line",
                                REMOVE,
                                "tenants: [\n  # A\n  a, # a\n  # B\n  b # b\n]\n",
                                "tenants: [\n  # B\n  b # b\n]\n"),
                        new Case(
                                "text like a comment",
                                REMOVE,
                                "tenants:\n  - |\n    z\n  # A\n  - a\n",
                                "tenants:\n  - |\n    z\n"),
                        new Case(
                                "scalar",
                                text -> text.set(List.of("k"), "new"),
                                "k: 'old' # K\nl: 1\n",
                                "k: 'new' # K\nl: 1\n"),
                        new Case(
                                "looks like another type",
                                text -> text.set(List.of("k"), "yes"),
                                "k: old\n",
                                "k: \"yes\"\n"),
                        new Case(
                                "nested",
                                text -> text.set(List.of("c", "s:u", "t"), List.of("t", "t-2")),
                                "c:\n  # A\n  a: 1\n# end\n",
                                "c:\n  # A\n  a: 1\n  s:u:\n    t:\n      - t\n      - t-2\n# end\n"),
                        new Case(
                                "extended",
                                text -> text.set(List.of("t"), List.of("a", "b")),
                                "t:\n  - a # A\n",
                                "t:\n  - a # A\n  - b\n"),
                        new Case(
                                "map",
                                text -> text.set(List.of("m"), Map.of("b", "2", "c", "x")),
                                "m:\n  # A\n  a: 1\n  # B\n  b: '3' # bb\n",
                                "m:\n  # B\n  b: '2' # bb\n  c: x\n"),
                        new Case(
                                "key",
                                text -> text.remove(List.of("m", "a")),
                                "m:\n  # A\n  a:\n    - 1\n    # in\n  # B\n  b: 2\n",
                                "m:\n  # B\n  b: 2\n"),
                        new Case(
                                "only key",
                                text -> text.remove(List.of("m", "a")),
                                "m:\n  a: 1 # A\nz: 1\n",
                                "m: {}\nz: 1\n"),
                        new Case(
                                "flow key",
                                text -> text.remove(List.of("m", "a")),
                                "m: {a: [1, 2], b: 3}\n",
                                "m: {b: 3}\n"))
                .map(row -> DynamicTest.dynamicTest(
                        row.name(),
                        () -> assertEquals(
                                row.after(),
                                row.edit()
                                        .apply(YamlText.of(FILE, row.before()))
                                        .text())));
    }

    private record Rejected(String name, UnaryOperator<YamlText> edit, String text, String message) {}

    @TestFactory
    Stream<DynamicTest> rejectsUnsafeEdits() {
        return Stream.of(
                        new Rejected("alias", ADD, "o: &o [a]\ntenants: *o\n", "yaml:2: cannot edit tenants"),
                        new Rejected("aliased anchor", ADD, "tenants: &o [a]\no: *o\n", "tenants"),
                        new Rejected(
                                "merged", text -> text.remove(TENANTS), "b: &b {tenants: [a]}\n<<: *b\n", "tenants"),
                        new Rejected("twice", ADD, "tenants: [a]\ntenants: [b]\n", "tenants"),
                        new Rejected("no list", ADD, "tenants: a\n", "is not a list"),
                        new Rejected("two documents", ADD, "tenants: [a]\n---\nz: 1\n", "document"),
                        new Rejected("no YAML", ADD, "tenants: [a\n", "cannot parse the file"),
                        new Rejected(
                                "shared line",
                                text -> text.remove(List.of("m", "k")),
                                "m:\n  ? k\n  : 1\n  l: 2\n",
                                "yaml:2: cannot edit m > k"),
                        new Rejected(
                                "comment of two",
                                REMOVE,
                                "tenants: [\n  # of both\n  a, b]\n",
                                "yaml:3: cannot edit tenants"),
                        new Rejected("anchor in use", REMOVE, "tenants:\n  - &a a\n  - b\nz: *a\n", "tenants"))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    var e = assertThrows(
                            StackFileException.class, () -> row.edit().apply(YamlText.of(FILE, row.text())));
                    assertAll(
                            () -> assertTrue(e.getMessage().contains(row.message()), e.getMessage()),
                            () -> assertTrue(e.getMessage().contains("\nFix: "), e.getMessage()),
                            () -> assertTrue(e.getMessage().startsWith("Pulumi.shared.yaml:"), e.getMessage()));
                }));
    }
}
