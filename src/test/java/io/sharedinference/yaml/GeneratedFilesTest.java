package io.sharedinference.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A generated file is written with an item and without it: an edit has to make the one of the other, to the byte. */
class GeneratedFilesTest {

    private static final List<String> TENANTS = List.of("config", "shared-inference:tenants");

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void removesAnItemWithItsOwnCommentsAlone(int seed) {
        var file = new Generated(new Random(seed));
        int place = seed % file.items.size();
        assertEquals(
                file.without(place),
                YamlText.of(Path.of("f"), file.text())
                        .removeItem(TENANTS, "t" + place)
                        .text());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void addsALineAlone(int seed) {
        var file = new Generated(new Random(seed));
        assertEquals(
                file.withAnother(),
                YamlText.of(Path.of("f"), file.text()).append(TENANTS, "new").text());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void removesAKeyWithItsOwnCommentsAlone(int seed) {
        var file = new Generated(new Random(seed));
        assertEquals(
                file.before + file.after,
                file.plain(YamlText.of(Path.of("f"), file.plain(file.before + file.whole(file.items) + file.after))
                        .remove(TENANTS)
                        .text()));
    }

    private static final class Generated {

        private final Random random;
        private final boolean flow;
        private final String indent;
        private final String newline;
        private final boolean open;
        private final String quote;
        private final String before;
        private final String after;
        private final String head;
        private final List<String> items = new ArrayList<>();

        Generated(Random random) {
            this.random = random;
            flow = random.nextInt(3) == 0;
            indent = " ".repeat(flow ? 4 : 2 + random.nextInt(4));
            newline = random.nextBoolean() ? "\r\n" : "\n";
            open = random.nextBoolean();
            quote = List.of("", "'", "\"").get(random.nextInt(3));
            before =
                    maybe("# head\n") + "config:\n" + maybe("  # first\n") + "  shared-inference:role: \"shared\" # r\n"
                            + maybe("  text: |\n    # no comment\n    more\n") + maybe("\n");
            head = "  shared-inference:tenants:" + (flow ? " [" : "") + maybe(" # all") + "\n";
            after = maybe("\n") + maybe("  # of z\n") + "  z: {secure: v1:abc}" + maybe("   # z") + "\n"
                    + maybe("encryptionsalt: v1:x=\n");
            int count = 2 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                items.add(maybe("\n") + comments(i) + line("t" + i) + maybe(" # at " + i) + "\n"
                        + maybe(indent + "    # below " + i + "\n"));
            }
        }

        private String line(String name) {
            return indent + (flow ? "" : "- ") + quote + name + quote + (flow ? "," : "");
        }

        private String comments(int i) {
            return (indent + "# above " + i + "\n").repeat(random.nextInt(3));
        }

        private String maybe(String text) {
            return random.nextBoolean() ? text : "";
        }

        String whole(List<String> lines) {
            return head + String.join("", lines) + (flow ? "  ]\n" : "");
        }

        String text() {
            return written(before + whole(items) + after);
        }

        /** A blank line above is not the item's. */
        String without(int place) {
            var rest = new ArrayList<>(items);
            rest.set(place, items.get(place).startsWith("\n") ? "\n" : "");
            return written(before + whole(rest) + after);
        }

        String withAnother() {
            var more = new ArrayList<>(items);
            int last = more.size() - 1;
            String below = flow && more.get(last).contains("# below") ? indent + "    # below " + last + "\n" : "";
            String own = more.get(last).substring(0, more.get(last).length() - below.length());
            more.set(last, own + line("new") + "\n" + below);
            return written(before + whole(more) + after);
        }

        String plain(String text) {
            return text.replace("\r\n", "\n");
        }

        private String written(String text) {
            String whole = open ? text.substring(0, text.length() - 1) : text;
            return whole.replace("\n", newline);
        }
    }
}
