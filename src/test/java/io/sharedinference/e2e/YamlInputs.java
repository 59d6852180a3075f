package io.sharedinference.e2e;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random YAML: common, mistyped and unlikely input. Equal seeds give equal input. */
final class YamlInputs {

    private static final List<String> PLAIN = List.of(
            "",
            "~",
            "null",
            "Null",
            "nUll",
            "true",
            "True",
            "tRue",
            "yes",
            "No",
            "on",
            "OFF",
            "y",
            "N",
            "yEs",
            "0",
            "-0",
            "+0",
            "1",
            "-1",
            "+12",
            "007",
            "08",
            "0o17",
            "0O17",
            "0x1F",
            "0XfF",
            "0b101",
            "0b102",
            "-0b11",
            "-0x1f",
            "0b-11",
            "0o-7",
            "0b+1",
            "1_000",
            "1__0",
            "_1",
            "1_",
            "0x_1F",
            "0_7",
            "1.0",
            "1.10",
            "-1.5",
            ".5",
            "-.5",
            "+.5",
            "5.",
            ".",
            "..",
            "1.2.3",
            "1e3",
            "1E3",
            "1e+3",
            "1.e3",
            ".5e-3",
            "12e4567",
            "-12e4567",
            ".1e999",
            "1e-400",
            "1e21",
            "1e20",
            "123456789012345678",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "18446744073709551616",
            "123456789012345678901234567890",
            "0.1",
            "1e-7",
            "0.000001",
            ".inf",
            "-.Inf",
            "+.INF",
            ".nan",
            ".NaN",
            "inf",
            "NaN",
            "22:30",
            "1:30:45",
            "190:20:30.15",
            "2024-05-01",
            "2024-5-1",
            "2024-13-01",
            "2024-02-30",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14T21:59:43Z",
            "2001-12-14 21:59:43.10",
            "2001-12-14 21:59:43.10 -5",
            "2024-05-01T25:00:00Z",
            "=",
            "<<",
            "v1",
            "sha256:12",
            "0123456789abcdef",
            "123456e7",
            "a b",
            "a#b",
            "a # b",
            "a:b",
            "a:",
            "a :",
            "- a",
            "? a",
            "@a",
            "`a`",
            "%a",
            "!a",
            "&a",
            "*a",
            "a,b",
            "[a",
            "{a",
            "a]",
            "http://x:80/y",
            "ünï",
            "日本",
            "😀",
            "0x",
            "0b",
            "0o",
            "-",
            "--",
            "---",
            "...",
            "-a",
            "1,000",
            "1 000",
            "0.0",
            "-0.0",
            "1e",
            "e1",
            "0e0",
            "00",
            "0x1.8p1",
            "1_000.5",
            "1.5_0",
            "1h",
            "10Mi",
            "500m");
    private static final List<String> TAGS = List.of(
            "",
            "",
            "",
            "",
            "",
            "",
            "!!str ",
            "!!int ",
            "!!float ",
            "!!bool ",
            "!!null ",
            "!!binary ",
            "!!timestamp ",
            "!a ",
            "! ");
    private static final String ALPHABET = "0123456789+-._eExXoObB:~nNyYtTfF aA,'\"#&*!|>%@`[]{}?\\/\t";

    private final Random random;

    YamlInputs(long seed) {
        random = new Random(seed);
    }

    /** A top-level key with a random value. */
    String entry(String key) {
        return switch (random.nextInt(12)) {
            case 0 -> key + ":\n  - " + scalar() + "\n  - " + scalar() + "\n";
            case 1 -> key + ":\n  " + innerKey() + ": " + scalar() + "\n  b: " + scalar() + "\n";
            case 2 -> key + ": [" + scalar() + ", " + scalar() + "]\n";
            case 3 -> key + ": {" + innerKey() + ": " + scalar() + ", b: " + quoted() + "}\n";
            case 4 -> key + ": " + block() + "\n";
            case 5 -> merges(key);
            case 6 -> key + ":\n  a: &x" + key + " " + scalar() + "\n  b: *x" + key + "\n";
            case 7 -> key + ": " + quoted() + "\n";
            case 8 -> key + ": " + scalar() + "\n  " + scalar() + "\n";
            default -> key + ": " + scalar() + (random.nextInt(4) == 0 ? "  # why" : "") + "\n";
        };
    }

    /** The entries in a random document layout. */
    String file(String entries) {
        return switch (random.nextInt(14)) {
            case 0 -> "---\n" + entries;
            case 1 -> entries + "---\n";
            case 2 -> entries + "...\n";
            case 3 -> "# a comment\n\n" + entries + "\n# the end";
            case 4 -> entries.replace("\n", "\r\n");
            case 5 -> "\uFEFF" + entries;
            case 6 -> "%YAML 1." + (1 + random.nextInt(2)) + "\n---\n" + entries;
            case 7 -> "--- # one\n" + entries + "--- # nothing\n";
            case 8 -> entries.stripTrailing();
            case 9 -> entries + "\n---\n---\n";
            default -> entries;
        };
    }

    private String innerKey() {
        return switch (random.nextInt(6)) {
            case 0 -> scalar();
            case 1 -> quoted();
            case 2 ->
                List.of("1", "1.5", "true", "no", "null", "2024-05-01", "1e6", "0x10", "? a\n ")
                        .get(random.nextInt(9));
            default -> "a";
        };
    }

    private String scalar() {
        var tag = TAGS.get(random.nextInt(TAGS.size()));
        if (tag.startsWith("!!binary")) {
            return tag
                    + List.of("aGk=", "w6Q=", "aGk", "%", "''", "\"aG\\\n  k=\"", "/w==", "YeKCYu2ggMM=", "8J+YgP+A")
                            .get(random.nextInt(9));
        }
        return tag + (random.nextInt(3) == 0 ? anything() : PLAIN.get(random.nextInt(PLAIN.size())));
    }

    private String anything() {
        return IntStream.range(0, 1 + random.nextInt(7))
                .mapToObj(any -> String.valueOf(ALPHABET.charAt(random.nextInt(ALPHABET.length()))))
                .collect(Collectors.joining());
    }

    private String quoted() {
        return List.of(
                        "\"a\\tb\\u00e4\\x41\\n\"",
                        "'it''s'",
                        "\"no\"",
                        "'12e4567'",
                        "\"\"",
                        "''",
                        "\"a\\\n   b\"",
                        "\"\\/\"",
                        "\"a\n\n  b\"",
                        "'a\n  b'",
                        "\"\\0\"",
                        "\"\\e\\N\\_\\L\\P\"",
                        "\"\\q\"",
                        "\"\\ud83d\\ude00\"",
                        "\"<&>\"",
                        "!!int \"12\"",
                        "!!bool 'yes'",
                        "!!null ''",
                        "!!float '1'",
                        "!!binary aGk=",
                        "!!binary \"%%\"")
                .get(random.nextInt(21));
    }

    private String block() {
        var indicator = List.of("|", ">", "|-", ">-", "|+", ">+", "|2", ">1-").get(random.nextInt(8));
        return indicator + "\n  one\n\n    two # no comment\n  " + anything().replace('\t', 'x') + "\n"
                + (random.nextBoolean() ? "\n" : "");
    }

    private String merges(String key) {
        var base = key + "base: &" + key + " {a: 1, b: 2}\n" + key + "more: &" + key + "m {b: 3, c: 4}\n" + key + ":\n";
        return base
                + switch (random.nextInt(6)) {
                    case 0 -> "  <<: *" + key + "\n  b: 9\n";
                    case 1 -> "  b: 9\n  <<: *" + key + "\n";
                    case 2 -> "  <<: [*" + key + ", *" + key + "m]\n";
                    case 3 -> "  <<: *" + key + "\n  <<: *" + key + "m\n";
                    case 4 -> "  <<: 1\n";
                    default -> "  \"<<\": *" + key + "\n  a: {b: 1, b: 2}\n";
                };
    }
}
