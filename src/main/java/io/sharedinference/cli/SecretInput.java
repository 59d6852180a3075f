package io.sharedinference.cli;

import io.sharedinference.pulumi.Engine;
import io.sharedinference.tenants.SecretSetting;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where values that are to be encrypted come from. Never from arguments: everybody on the machine can list those.
 *
 * @param console of a user who can be asked
 */
record SecretInput(Optional<Console> console, InputStream standardInput) {

    static SecretInput ofThisProcess() {
        return new SecretInput(Optional.ofNullable(System.console()), System.in);
    }

    /** @param files by key */
    List<SecretSetting> read(List<String> keys, Map<String, Path> files) {
        keys.forEach(SecretInput::requireKey);
        var settings = new ArrayList<SecretSetting>();
        files.forEach((key, file) -> settings.add(setting(key, content(file))));
        if (!keys.isEmpty()) {
            settings.addAll(console.map(user -> asked(user, keys)).orElseGet(() -> piped(keys)));
        }
        return settings;
    }

    private static void requireKey(String key) {
        if (key.contains("=")) {
            throw new CommandException("--set-secret " + key.substring(0, key.indexOf('='))
                    + " has a value as an argument, which everybody on this machine can read.\nFix: change that value where"
                    + " it is used, then give the key alone: the value is asked for, or read from standard input.");
        }
    }

    private static List<SecretSetting> asked(Console user, List<String> keys) {
        return keys.stream()
                .map(key -> setting(
                        key,
                        Optional.ofNullable(user.readPassword("%s: ", key))
                                .map(String::valueOf)
                                .orElse("")))
                .toList();
    }

    private List<SecretSetting> piped(List<String> keys) {
        var text = text();
        if (keys.size() == 1) {
            return List.of(setting(keys.get(0), text));
        }
        var lines = text.lines().toList();
        if (lines.size() != keys.size()) {
            throw new CommandException("standard input has " + lines.size() + " lines for " + keys.size()
                    + " keys of --set-secret.\nFix: write one line per key, in their order, or use --set-secret-file.");
        }
        var settings = new ArrayList<SecretSetting>();
        for (var i = 0; i < keys.size(); i++) {
            settings.add(setting(keys.get(i), lines.get(i)));
        }
        return settings;
    }

    private String text() {
        try {
            return new String(standardInput.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandException("standard input can't be read: " + e.getMessage(), e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandException("--set-secret-file " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    private static SecretSetting setting(String key, String value) {
        var plain = value.replaceFirst("\\R$", ""); // comes with many a file and command
        if (plain.isBlank()) {
            throw new CommandException("the value of " + key + " is empty.\nFix: give one, or leave the key out.");
        }
        return new SecretSetting(key.replaceFirst("^" + Engine.PROJECT + ":", ""), plain);
    }
}
