package io.sharedinference.project;

/** Similarity of names, for suggestions after typing errors. */
public final class Spelling {

    private Spelling() {}

    /** Whether the first name may be a misspelling of the second. */
    public static boolean isNear(String name, String other) {
        return distance(name, other) <= Math.max(2, name.length() / 3);
    }

    /** Levenshtein distance. */
    public static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (var column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (var line = 1; line <= one.length(); line++) {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column < row.length; column++) {
                var replaced = diagonal + (one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[other.length()];
    }
}
