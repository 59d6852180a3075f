package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.http.Field;
import io.sharedinference.proxy.http.HeaderSection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Credentials other than the Bearer token that are not forwarded.
 *
 * @param headers names of header fields, in lower case
 * @param parameters names of query parameters, decoded and in lower case
 */
public record StrippedCredentials(List<String> headers, List<String> parameters) {
    /**
     * Parses a comma-separated list of header field names.
     *
     * @throws IllegalArgumentException if the proxy itself uses one of them
     */
    public static List<String> headers(String text) {
        List<String> names = parameters(text);
        names.stream().filter(name -> !strippable(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("must not contain " + name + ", which the proxy itself uses");
        });
        return names;
    }

    /** Parses a comma-separated list of query parameter names. */
    public static List<String> parameters(String text) {
        return Arrays.stream(text.split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static boolean strippable(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return Field.of(bytes, 0, bytes.length) == Field.OTHER;
    }

    void dropFrom(HeaderSection lines) {
        for (String name : headers) {
            lines.drop(name);
        }
    }

    /** A query with its question mark, without the stripped parameters; all others are unchanged. */
    String query(String query) {
        StringBuilder kept = new StringBuilder(query.length());
        int at = 0;
        while (at < query.length()) {
            int end = parameterEnd(query, at + 1);
            if (!strips(query, at + 1, end)) {
                kept.append(query, at, end);
            }
            at = end;
        }
        if (!kept.isEmpty()) {
            kept.setCharAt(0, '?');
        }
        return kept.toString();
    }

    /** Some servers treat a semicolon as an ampersand. */
    private static int parameterEnd(String query, int from) {
        int end = from;
        while (end < query.length() && query.charAt(end) != '&' && query.charAt(end) != ';') {
            end++;
        }
        return end;
    }

    /** Names without encoding are compared without copying: a query may have thousands. */
    private boolean strips(String query, int from, int to) {
        int end = from;
        boolean encoded = false;
        while (end < to && query.charAt(end) != '=') {
            encoded |= query.charAt(end) == '%' || query.charAt(end) == '+';
            end++;
        }
        if (encoded) {
            return parameters.contains(
                    decoded(query.substring(from, end)).strip().toLowerCase(Locale.ROOT));
        }
        for (String parameter : parameters) {
            if (parameter.length() == end - from && query.regionMatches(true, from, parameter, 0, end - from)) {
                return true;
            }
        }
        return false;
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // invalid encoding: compare the name itself
            return name;
        }
    }
}
