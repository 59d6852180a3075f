package io.sharedinference.secrets;

import java.util.List;
import java.util.regex.Pattern;

/** Patterns of secrets that are not known: tokens with a known format, and values of keys with a revealing name. */
final class Patterns {

    private static final String MASKED = Redaction.MASK.replace("*", "\\*");

    private record Shape(Pattern pattern, String replacement) {
        Shape(String pattern) {
            this(pattern, Redaction.MASK);
        }

        Shape(String pattern, String replacement) {
            this(Pattern.compile(pattern), replacement);
        }
    }

    private static final List<Shape> SHAPES = List.of(
            // JSON Web Tokens, signed or encrypted
            new Shape("\\beyJ[\\w-]{8,}(?:\\.[\\w-]*){1,4}"),
            // private keys in PEM, complete or truncated; a diff prefixes every line
            new Shape("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\\z)"),
            new Shape("(?i)\\b(bearer|basic)(\\s+)(?!" + MASKED + ")[\\w.~+/=-]{8,}", "$1$2" + Redaction.MASK),
            // https://user:password@host
            new Shape("(://[^\\s/:@]*:)[^\\s/@]+@", "$1" + Redaction.MASK + "@"),
            // prefixes of GitHub, GitLab, Pulumi, Slack, AWS and others
            new Shape("\\b(?:gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{15,}|pul-[0-9a-f]{20,}"
                    + "|xox[abprs]-[\\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|sk-[\\w-]{20,}|hvs\\.[\\w-]{20,})"),
            // token: …, "apiKey": "…", PASSWORD=…; not tokenFingerprint or secretName, which have other endings
            new Shape(
                    "(?i)((?:password|passwd|passphrase|token|secret|credential|api[-_]?key|access[-_]?key|private[-_]?key)s?"
                            + "\\\\?[\"']?\\s{0,3}[:=]\\s{0,3}\\\\?[\"']?)(?![\"'\\\\]|" + MASKED
                            + ")[^\\s\"',;{}\\[\\]\\\\<>`]{8,}",
                    "$1" + Redaction.MASK));

    private Patterns() {}

    static String mask(String text) {
        var masked = text;
        for (var shape : SHAPES) {
            masked = shape.pattern().matcher(masked).replaceAll(shape.replacement());
        }
        return masked;
    }
}
