package io.sharedinference.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.yaml.GoText;
import io.sharedinference.yaml.StackFile;
import io.sharedinference.yaml.YamlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The project's stack files, read without engine and backend. Encrypted values are masked.
 */
public final class StackFiles {

    /** Placeholder for an encrypted value. */
    public static final String SECRET = "[secret]";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final StackName project;
    private Optional<Map<String, Object>> projectConfig = Optional.empty();

    /** @param project name of any stack of the project */
    public StackFiles(Path directory, StackName project) {
        this.directory = directory;
        this.project = project;
    }

    /** The stack files of the project in this directory, for a user whose organization only the CLI knows. */
    public static StackFiles in(Path directory) {
        return new StackFiles(
                directory, new StackName(StackName.DEFAULT_ORGANIZATION, ProjectConfig.name(directory), ""));
    }

    /** The same project's stack files in another directory. */
    public StackFiles inDirectory(Path other) {
        return new StackFiles(other, project);
    }

    /** Full name of a stack, from its short or full one. */
    public StackName name(String stack) {
        return project.resolve(stack);
    }

    public Path directory() {
        return directory;
    }

    public Path file(String stack) {
        return directory.resolve("Pulumi." + stack + ".yaml");
    }

    /** The file for editing. */
    public StackFile editable(String stack) {
        return new StackFile(file(stack));
    }

    /** Path of a key in a stack file, which may omit the project's prefix. */
    public List<String> path(YamlText text, String key, String... inner) {
        var unprefixed = List.of("config", key);
        var full = text.value(unprefixed).isPresent() ? unprefixed : List.of("config", full(key));
        return Stream.concat(full.stream(), Stream.of(inner)).toList();
    }

    /** Short names of the stacks that have a file, sorted. */
    public List<String> stacks() {
        try (var files = Files.newDirectoryStream(directory, "Pulumi.*.yaml")) {
            var names = new ArrayList<String>();
            files.forEach(
                    file -> names.add(file.getFileName().toString().replaceFirst("^Pulumi\\.(.+)\\.yaml$", "$1")));
            return names.stream().sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot list the stack files in " + directory + ": " + e + ".\nFix: make the directory readable.",
                    e);
        }
    }

    /** Deletes the stack's file, if it exists. */
    public void delete(String stack) {
        try {
            Files.deleteIfExists(file(stack));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot delete " + file(stack) + ": " + e + ".\nFix: make the directory writable.", e);
        }
    }

    /** Reads a stack's configuration, the project file's included; empty, with a problem, if a file cannot be read. */
    public Optional<Settings> read(String stack, Problems problems) {
        return projectConfig(problems).flatMap(inherited -> read(stack, inherited, problems));
    }

    /** Reads what the stack's file itself sets, without what the project file sets for all stacks. */
    public Optional<Settings> readOwn(String stack, Problems problems) {
        return read(stack, Map.of(), problems);
    }

    private Optional<Settings> read(String stack, Map<String, Object> inherited, Problems problems) {
        var file = file(stack);
        try {
            var document = YamlFile.read(file);
            var config = new LinkedHashMap<String, Object>();
            inherited.forEach((key, value) -> config.put(full(key), value));
            map(document.get("config")).forEach((key, value) -> config.put(full(key), value));
            return Optional.of(settings(stack, config, environments(document.get("environment"))));
        } catch (IOException | YAMLException e) {
            problems.add(unreadable(file, e, "make it valid YAML with a map named config"));
            return Optional.empty();
        }
    }

    private Optional<Map<String, Object>> projectConfig(Problems problems) {
        try {
            return Optional.of(projectConfig());
        } catch (IOException | YAMLException e) {
            problems.add(unreadable(ProjectConfig.file(directory).orElse(directory), e, "make it valid YAML"));
            return Optional.empty();
        }
    }

    private static Problem unreadable(Path file, Exception cause, String fix) {
        var reason = cause instanceof CharacterCodingException ? "it is not UTF-8" : cause.getMessage();
        return new Problem(file.toString(), "cannot be read: " + reason, fix);
    }

    /** Parses a stack's file, and reports what is invalid; empty without a valid role. */
    public Optional<StackConfig> parse(String stack, Problems problems) {
        return read(stack, problems).flatMap(settings -> StackConfig.parse(settings, problems));
    }

    /** Configurations of all stacks with a valid file, by stack. */
    public Map<String, StackConfig> validConfigs() {
        var configs = new TreeMap<String, StackConfig>();
        stacks().forEach(stack -> validConfig(stack).ifPresent(config -> configs.put(stack, config)));
        return configs;
    }

    /** Configuration of a stack; empty if its file is missing or invalid. */
    public Optional<StackConfig> validConfig(String stack) {
        var problems = new Problems();
        return parse(stack, problems).filter(config -> problems.all().isEmpty());
    }

    /** Tenant by hand-over stack. Includes invalid files. */
    public Map<String, String> handoverTenants() {
        var tenants = new TreeMap<String, String>();
        stacks().forEach(stack -> read(stack, new Problems())
                .filter(settings -> settings.value(Key.ROLE)
                        .filter(Role.HANDOVER.text()::equals)
                        .isPresent())
                .flatMap(settings -> settings.value(Key.TENANT))
                .ifPresent(tenant -> tenants.put(stack, tenant)));
        return tenants;
    }

    /** Problems of a stack's file on its own. */
    public List<Problem> problems(String stack) {
        var problems = new Problems();
        parse(stack, problems);
        return problems.all();
    }

    /** Tenants that a shared stack's file lists, even if the file is invalid. */
    public List<String> tenantsOf(String sharedStack) {
        var names = new ArrayList<String>();
        read(sharedStack, new Problems())
                .flatMap(settings -> settings.value(Key.TENANTS))
                .ifPresent(text -> {
                    try {
                        JSON.readTree(text).forEach(name -> names.add(name.asText()));
                    } catch (JsonProcessingException e) {
                        // not a list: reported by the shared stack
                    }
                });
        return names;
    }

    /** Configurations of the valid tenant stacks, by stack. */
    public Map<String, TenantConfig> tenants() {
        var tenants = new TreeMap<String, TenantConfig>();
        validConfigs().forEach((stack, config) -> {
            if (config instanceof TenantConfig tenant) {
                tenants.put(stack, tenant);
            }
        });
        return tenants;
    }

    /** Cached: a project may have a thousand stacks. */
    private synchronized Map<String, Object> projectConfig() throws IOException {
        if (projectConfig.isEmpty()) {
            projectConfig = Optional.of(ProjectConfig.read(directory));
        }
        return projectConfig.get();
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** The engine adds the project's prefix to unprefixed keys; {@code :config:} is a legacy form. */
    private String full(Object key) {
        var name = String.valueOf(key).replaceFirst("^([^:]+):config:", "$1:");
        return name.contains(":") ? name : project.project() + ":" + name;
    }

    /** Values that the project file sets for all stacks, by full key; empty if it cannot be read. */
    public Map<String, String> projectValues() {
        try {
            var values = new LinkedHashMap<String, String>();
            projectConfig().forEach((key, value) -> values.put(full(key), encoded(plain(value))));
            return values;
        } catch (IOException | YAMLException e) {
            return Map.of();
        }
    }

    private Settings settings(String stack, Map<String, Object> config, List<String> environments) {
        var values = new LinkedHashMap<String, String>();
        Set<String> secrets = new HashSet<>();
        config.forEach((key, value) -> {
            if (holdsSecret(value)) {
                secrets.add(key);
            }
            values.put(key, encoded(plain(value)));
        });
        return new Settings(name(stack), values, secrets, environments).withoutOtherRoles(projectValues());
    }

    /** Names of imported environments; an inline environment has none. */
    private static List<String> environments(@Nullable Object environment) {
        if (environment instanceof List<?> names) {
            return names.stream().map(StackFiles::environment).toList();
        }
        var inline = map(environment);
        return inline.isEmpty() ? List.of() : List.of("in this file");
    }

    private static String environment(Object imported) {
        return imported instanceof Map<?, ?> options
                ? String.valueOf(options.keySet().iterator().next())
                : String.valueOf(imported);
    }

    private static boolean isSecret(Object value) {
        return value instanceof Map<?, ?> map && map.size() == 1 && map.get("secure") instanceof String;
    }

    private static boolean holdsSecret(Object value) {
        return isSecret(value)
                || value instanceof Map<?, ?> map && map.values().stream().anyMatch(StackFiles::holdsSecret)
                || value instanceof List<?> list && list.stream().anyMatch(StackFiles::holdsSecret);
    }

    private static Object plain(Object value) {
        if (isSecret(value)) {
            return SECRET;
        }
        if (value instanceof Map<?, ?> map) {
            var plain = new LinkedHashMap<String, Object>();
            map.forEach((key, inner) -> plain.put(String.valueOf(key), plain(inner)));
            return plain;
        }
        return value instanceof List<?> list
                ? list.stream().map(StackFiles::plain).collect(Collectors.toList())
                : value;
    }

    /** The value's form in what the engine passes to the program. */
    private static String encoded(Object value) {
        try {
            return value instanceof Map || value instanceof List
                    ? JSON.writeValueAsString(value)
                    : value == null ? "" : value instanceof Number number ? GoText.json(number) : value.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a YAML value cannot be written as JSON", e);
        }
    }
}
