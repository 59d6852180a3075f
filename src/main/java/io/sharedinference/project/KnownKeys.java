package io.sharedinference.project;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Rejects keys that have no effect: misspelled ones, those of other roles, and those of unused providers. */
final class KnownKeys {

    private final Settings settings;
    private final Problems problems;

    KnownKeys(Settings settings, Problems problems) {
        this.settings = settings;
        this.problems = problems;
    }

    void check(Optional<Role> role) {
        settings.values().keySet().stream().sorted().forEach(full -> {
            var prefix = full.substring(0, full.indexOf(':'));
            var name = full.substring(prefix.length() + 1);
            if (prefix.equals(settings.name().project())) {
                Key.of(name).ifPresentOrElse(key -> role.ifPresent(r -> checkRole(key, r)), () -> unknown(full, name));
            } else if (prefix.equals("kubernetes") || resemblesProject(prefix)) {
                problems.add(new Problem(
                        full,
                        written(full),
                        "has no effect: only keys with the prefix '"
                                + settings.name().project() + ":' are read",
                        "remove it"
                                + suggestion(name)
                                        .map(known ->
                                                ", or set " + settings.name().project() + ":" + known)
                                        .orElse("")));
            }
        });
    }

    private boolean resemblesProject(String prefix) {
        return Spelling.distance(
                        prefix.toLowerCase(Locale.ROOT),
                        settings.name().project().toLowerCase(Locale.ROOT))
                <= 3;
    }

    private void checkRole(Key key, Role role) {
        var set = settings.value(key).filter(value -> !value.equals(key.defaultValue()));
        if (set.isPresent() && !key.allowedFor(role)) {
            var hint = suggestion(key.key(), role)
                    .map(known -> "; did you mean " + settings.name().project() + ":" + known + "?")
                    .orElse("");
            problems.add(new Problem(
                    settings.fullKey(key),
                    written(settings.fullKey(key)),
                    "not supported for the role " + role.text() + hint,
                    "remove it: pulumi config rm " + settings.fullKey(key)));
        }
    }

    private void unknown(String full, String name) {
        problems.add(new Problem(
                full,
                written(full),
                "unknown configuration key"
                        + suggestion(name)
                                .map(known ->
                                        "; did you mean " + settings.name().project() + ":" + known + "?")
                                .orElse(""),
                "correct or remove it: pulumi config rm " + full + " (see Pulumi.yaml for all keys)"));
    }

    private Optional<String> written(String full) {
        return settings.secretKeys().contains(full)
                ? Optional.of("[secret]")
                : Optional.ofNullable(settings.values().get(full));
    }

    private static Optional<String> suggestion(String name) {
        return nearest(name, Arrays.stream(Key.values()));
    }

    private static Optional<String> suggestion(String name, Role role) {
        return nearest(name, Arrays.stream(Key.values()).filter(key -> key.allowedFor(role)));
    }

    /** Ignores case. */
    private static Optional<String> nearest(String name, Stream<Key> keys) {
        var written = name.toLowerCase(Locale.ROOT);
        return keys.map(Key::key)
                .min(Comparator.comparingInt(text -> Spelling.distance(text.toLowerCase(Locale.ROOT), written)))
                .filter(text -> Spelling.isNear(written, text.toLowerCase(Locale.ROOT)));
    }
}
