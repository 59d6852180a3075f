package io.sharedinference.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.yaml.GoText;
import io.sharedinference.yaml.StackFile;
import io.sharedinference.yaml.YamlText;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The project's stack files as they are written, for what needs neither the engine nor a backend. What is encrypted in them
 * is known to be there and no more.
 */
public final class StackFiles {

    /** What stands in the place of something encrypted. */
    public static final String SECRET = "[secret]";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final String project;
    private final String organization;
    private Optional<Map<String, Object>> ofProject = Optional.empty();

    /** @param organization of the stacks; {@code organization} with a backend of one's own */
    public StackFiles(Path folder, String project, String organization) {
        this.folder = folder;
        this.project = project;
        this.organization = organization;
    }

    /** The same project's in another directory. */
    public StackFiles inDirectory(Path other) {
        return new StackFiles(other, project, organization);
    }

    public Path directory() {
        return folder;
    }

    public Path file(String stack) {
        return folder.resolve("Pulumi." + stack + ".yaml");
    }

    /** For what changes it. */
    public StackFile editable(String stack) {
        return new StackFile(file(stack));
    }

    /** The place of a key of this project's in a stack's file, which may leave out the project's name. */
    public List<String> path(YamlText text, String key, String... inner) {
        var bare = List.of("config", key);
        var full = text.value(bare).isPresent() ? bare : List.of("config", project + ":" + key);
        return Stream.concat(full.stream(), Stream.of(inner)).toList();
    }

    /** The plain names of the stacks that have a file, sorted. */
    public List<String> stacks() {
        try (var files = Files.newDirectoryStream(folder, "Pulumi.*.yaml")) {
            var names = new ArrayList<String>();
            files.forEach(
                    file -> names.add(file.getFileName().toString().replaceFirst("^Pulumi\\.(.+)\\.yaml$", "$1")));
            return names.stream().sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing happens when there is none. */
    public void delete(String stack) {
        try {
            Files.deleteIfExists(file(stack));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a stack's file sets; empty, and a problem, when it can't be read. */
    public Optional<Settings> read(String stack, Problems problems) {
        var file = file(stack);
        try {
            var document = YamlFile.read(file);
            var config = new LinkedHashMap<String, Object>();
            ofProject().forEach((key, value) -> config.put(full(key), value));
            map(document.get("config")).forEach((key, value) -> config.put(full(key), value));
            return Optional.of(settings(stack, config, environments(document.get("environment"))));
        } catch (IOException | YAMLException e) {
            problems.add(new Problem(
                    file.toString(), "can't be read: " + e.getMessage(), "write it as YAML with a map named config"));
            return Optional.empty();
        }
    }

    /** What a stack's file says, right or wrong; empty when it has no role. @param problems gets all that is wrong */
    public Optional<StackConfig> parse(String stack, Problems problems) {
        return read(stack, problems).flatMap(settings -> StackConfig.parse(settings, problems));
    }

    /** Of all stacks whose file has no mistake in it. */
    public Map<String, StackConfig> validConfigs() {
        var configs = new TreeMap<String, StackConfig>();
        stacks().forEach(stack -> validConfig(stack).ifPresent(config -> configs.put(stack, config)));
        return configs;
    }

    /** Empty when there is no such file, or a mistake in it. */
    public Optional<StackConfig> validConfig(String stack) {
        var problems = new Problems();
        return parse(stack, problems).filter(config -> problems.all().isEmpty());
    }

    /** The hand-over stacks, and the tenant that each is for, whatever mistakes their files have. */
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

    /** All that is wrong in a stack's file by itself. */
    public List<Problem> problems(String stack) {
        var problems = new Problems();
        parse(stack, problems);
        return problems.all();
    }

    /** What a shared stack's file lists under {@code tenants}, whatever mistakes it has. */
    public List<String> tenantsOf(String sharedStack) {
        var names = new ArrayList<String>();
        read(sharedStack, new Problems())
                .flatMap(settings -> settings.value(Key.TENANTS))
                .ifPresent(text -> {
                    try {
                        JSON.readTree(text).forEach(name -> names.add(name.asText()));
                    } catch (JsonProcessingException e) {
                        // no list: its own stack's problem
                    }
                });
        return names;
    }

    /** The tenants among them, sorted by their stacks' names. */
    public Map<String, TenantConfig> tenants() {
        var tenants = new TreeMap<String, TenantConfig>();
        validConfigs().forEach((stack, config) -> {
            if (config instanceof TenantConfig tenant) {
                tenants.put(stack, tenant);
            }
        });
        return tenants;
    }

    /** A stack's name without organization and project. */
    public static String plainName(String stack) {
        return stack.substring(stack.lastIndexOf('/') + 1);
    }

    /** Read once: there may be a thousand stacks. */
    private synchronized Map<String, Object> ofProject() throws IOException {
        if (ofProject.isEmpty()) {
            ofProject = Optional.of(ProjectConfig.read(folder));
        }
        return ofProject.get();
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** The engine takes a key without a prefix for the project's; with {@code :config:} it was written long ago. */
    private String full(Object key) {
        var name = String.valueOf(key).replaceFirst("^([^:]+):config:", "$1:");
        return name.contains(":") ? name : project + ":" + name;
    }

    private Settings settings(String stack, Map<String, Object> config, List<String> environments) {
        var values = new LinkedHashMap<String, String>();
        Set<String> secrets = new HashSet<>();
        config.forEach((key, value) -> {
            if (holdsSecret(value)) {
                secrets.add(key);
            }
            values.put(key, written(plain(value)));
        });
        return new Settings(organization, project, stack, values, secrets, environments);
    }

    /** Names of those that are imported; an environment that is written in the file itself has none. */
    private static List<String> environments(Object environment) {
        if (environment instanceof List<?> names) {
            return names.stream().map(StackFiles::environment).toList();
        }
        var written = map(environment);
        return written.isEmpty() ? List.of() : List.of("the file's own environment");
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

    /** As the engine hands it to the program. */
    private static String written(Object value) {
        try {
            return value instanceof Map || value instanceof List
                    ? JSON.writeValueAsString(value)
                    : value == null ? "" : value instanceof Number number ? GoText.json(number) : value.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("YAML that is no JSON", e);
        }
    }
}
