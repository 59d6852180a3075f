package io.sharedinference.project;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Refuses keys that would have no effect: misspelt ones, the other role's, and those of providers that aren't used. */
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
            if (prefix.equals(settings.project())) {
                known(name).ifPresentOrElse(key -> role.ifPresent(r -> checkRole(key, r)), () -> unknown(full, name));
            } else if (prefix.equals("kubernetes") || isNearProject(prefix)) {
                problems.add(new Problem(
                        full,
                        written(full),
                        "has no effect here: this program reads keys that begin with '" + settings.project() + ":'",
                        "remove it"
                                + suggestion(name)
                                        .map(known -> ", or set " + settings.project() + ":" + known)
                                        .orElse("")));
            }
        });
    }

    private boolean isNearProject(String prefix) {
        return Spelling.distance(
                        prefix.toLowerCase(Locale.ROOT), settings.project().toLowerCase(Locale.ROOT))
                <= 3;
    }

    private void checkRole(Key key, Role role) {
        var set = settings.value(key).filter(value -> !value.equals(key.defaultValue()));
        if (set.isPresent() && !key.allowedFor(role)) {
            var hint = suggestion(key.key(), role)
                    .map(known -> "; did you mean " + settings.project() + ":" + known + "?")
                    .orElse("");
            problems.add(new Problem(
                    settings.fullKey(key),
                    written(settings.fullKey(key)),
                    "is no key of a stack whose role is " + role.text() + hint,
                    "remove it: pulumi config rm " + settings.fullKey(key)));
        }
    }

    private void unknown(String full, String name) {
        problems.add(new Problem(
                full,
                written(full),
                "is no key of this program"
                        + suggestion(name)
                                .map(known -> "; did you mean " + settings.project() + ":" + known + "?")
                                .orElse(""),
                "correct or remove it: pulumi config rm " + full + " (Pulumi.yaml describes every key)"));
    }

    private Optional<String> written(String full) {
        return Optional.of(
                settings.secretKeys().contains(full)
                        ? "[secret]"
                        : settings.values().get(full));
    }

    private static Optional<Key> known(String name) {
        return Arrays.stream(Key.values()).filter(key -> key.key().equals(name)).findFirst();
    }

    private static Optional<String> suggestion(String name) {
        return nearest(name, Arrays.stream(Key.values()));
    }

    private static Optional<String> suggestion(String name, Role role) {
        return nearest(name, Arrays.stream(Key.values()).filter(key -> key.allowedFor(role)));
    }

    /** Without regard to case. */
    private static Optional<String> nearest(String name, Stream<Key> keys) {
        var written = name.toLowerCase(Locale.ROOT);
        return keys.map(Key::key)
                .min(Comparator.comparingInt(text -> Spelling.distance(text.toLowerCase(Locale.ROOT), written)))
                .filter(text -> Spelling.isNear(written, text.toLowerCase(Locale.ROOT)));
    }
}
