package io.sharedinference.cli;

import io.sharedinference.project.StackName;
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
import java.util.stream.IntStream;

/**
 * Reads values to be encrypted. Never from arguments: all users of the machine can list those.
 *
 * @param console the console to prompt on; empty if input is not interactive
 */
record SecretInput(Optional<Console> console, InputStream standardInput) {

    static SecretInput ofThisProcess() {
        return new SecretInput(Optional.ofNullable(System.console()), System.in);
    }

    /** Secret values of a stack, in files by key or from standard input. */
    List<SecretSetting> read(StackName stack, List<String> keys, Map<String, Path> files) {
        keys.forEach(SecretInput::requireKey);
        var settings = new ArrayList<SecretSetting>();
        files.forEach((key, file) -> settings.add(setting(key, content(file))));
        if (!keys.isEmpty()) {
            settings.addAll(console.map(user -> prompt(user, keys)).orElseGet(() -> readLines(keys)));
        }
        settings.replaceAll(setting -> setting.unprefixed(stack));
        return settings;
    }

    private static void requireKey(String key) {
        if (key.contains("=")) {
            throw new CommandException("--set-secret " + key.substring(0, key.indexOf('='))
                    + " has a value as an argument, which all users of this machine can read.\nFix: replace that value where"
                    + " it is used, then pass only the key: its value is prompted for, or read from standard input.");
        }
    }

    private static List<SecretSetting> prompt(Console user, List<String> keys) {
        return keys.stream()
                .map(key -> setting(
                        key,
                        Optional.ofNullable(user.readPassword("%s: ", key))
                                .map(String::valueOf)
                                .orElse("")))
                .toList();
    }

    private List<SecretSetting> readLines(List<String> keys) {
        var text = text();
        if (keys.size() == 1) {
            return List.of(setting(keys.get(0), text));
        }
        var lines = text.lines().toList();
        if (lines.size() != keys.size()) {
            throw new CommandException("standard input has " + lines.size() + " lines for " + keys.size()
                    + " keys of --set-secret.\nFix: write one line per key, in their order, or use --set-secret-file.");
        }
        return IntStream.range(0, keys.size())
                .mapToObj(line -> setting(keys.get(line), lines.get(line)))
                .toList();
    }

    private String text() {
        try {
            return new String(standardInput.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot read standard input: " + e.getMessage() + "\nFix: use --set-secret-file.", e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot read --set-secret-file " + file + ": " + e.getMessage() + "\nFix: pass a readable file.",
                    e);
        }
    }

    private static SecretSetting setting(String key, String value) {
        var plain = value.replaceFirst("\\R$", ""); // files and commands usually end with one
        if (plain.isBlank()) {
            throw new CommandException("the value of " + key + " is empty.\nFix: pass a value, or omit the key.");
        }
        return new SecretSetting(key, plain);
    }
}
