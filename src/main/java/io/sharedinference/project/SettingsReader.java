package io.sharedinference.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Typed values of a stack's keys. An invalid value is added to the problems and replaced by a placeholder, so that one pass
 * finds all problems. Nothing may be deployed while there are problems.
 */
final class SettingsReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLACEHOLDER = "invalid";

    private final Settings settings;
    private final Problems problems;

    SettingsReader(Settings settings, Problems problems) {
        this.settings = settings;
        this.problems = problems;
    }

    Settings settings() {
        return settings;
    }

    /** The value or the key's default; empty if both are blank. */
    Optional<String> string(Key key) {
        return settings.value(key).or(() -> Optional.of(key.defaultValue())).filter(text -> !text.isBlank());
    }

    String required(Key key, String rule, String remedy) {
        return string(key).orElseGet(() -> missing(key, rule, remedy));
    }

    String required(Key key, String rule, String remedy, Predicate<String> valid) {
        var text = string(key);
        return text.isEmpty()
                ? missing(key, rule, remedy)
                : valid(key, text, rule, remedy, valid).orElse(PLACEHOLDER);
    }

    Optional<String> optional(Key key, String rule, String remedy, Predicate<String> valid) {
        return valid(key, string(key), rule, remedy, valid);
    }

    private Optional<String> valid(
            Key key, Optional<String> text, String rule, String remedy, Predicate<String> valid) {
        text.filter(valid.negate()).ifPresent(value -> invalid(key, value, rule, remedy));
        return text.filter(valid);
    }

    /** The tenant that this stack belongs to. */
    String tenant() {
        return label(
                Key.TENANT,
                "set it to the tenant's name in the shared stack's list of tenants: pulumi config set tenant NAME");
    }

    String label(Key key, String remedy) {
        return required(key, Rules.LABEL_RULE, remedy, Rules::isLabel);
    }

    Optional<URI> url(Key key) {
        return optional(
                        key,
                        Rules.URL_RULE,
                        "use the form https://host.example.com or http://host:8080",
                        text -> Rules.url(text).isPresent())
                .flatMap(Rules::url);
    }

    Optional<Path> path(Key key) {
        return string(key).map(Path::of);
    }

    boolean flag(Key key) {
        return Boolean.parseBoolean(required(
                key,
                "must be true or false",
                "set it to true or false",
                text -> text.equals("true") || text.equals("false")));
    }

    /**
     * Username and password; both or neither must be set, and the password must be encrypted.
     *
     * @param purpose what leaving both out achieves, for the message
     */
    Optional<Credentials> credentials(Key user, Key secret, String server, String purpose) {
        var username = string(user);
        var password = string(secret);
        if (password.isPresent() && !settings.secret(secret)) {
            invalid(
                    secret,
                    "must be encrypted",
                    "change the password at the " + server + ", then run pulumi config set --secret " + secret.key());
        }
        if (username.isPresent() != password.isPresent()) {
            invalid(
                    username.isPresent() ? secret : user,
                    "required when " + (username.isPresent() ? user : secret).key() + " is set",
                    "set both, or remove both " + purpose);
        }
        return username.flatMap(name -> password.map(word -> new Credentials(name, word)));
    }

    int positiveInt(Key key) {
        var valid = optional(
                key,
                "must be a positive integer",
                "use digits only, or remove the key to use the default, " + key.defaultValue(),
                text -> text.matches("[1-9][0-9]{0,8}"));
        return valid.map(Integer::parseInt).orElse(1);
    }

    List<String> list(Key key) {
        return json(key, new TypeReference<List<String>>() {}, "must be a list of strings")
                .orElse(List.of());
    }

    /** Nulls are replaced by strings that fail validation. */
    Map<String, List<String>> stringLists(Key key) {
        var lists = json(
                        key,
                        new TypeReference<LinkedHashMap<String, List<String>>>() {},
                        "must be an object with lists of strings")
                .orElseGet(LinkedHashMap::new);
        lists.replaceAll((name, list) ->
                list == null ? List.of() : list.stream().map(String::valueOf).toList());
        return lists;
    }

    Map<String, Object> object(Key key) {
        return json(key, new TypeReference<LinkedHashMap<String, Object>>() {}, "must be an object")
                .<Map<String, Object>>map(m -> m)
                .orElse(Map.of());
    }

    /** A path in the chart's values; keys joined by dots. */
    String valuePath(Key key) {
        return required(
                key,
                Rules.VALUE_PATH_RULE,
                "remove the key to use the default, " + key.defaultValue(),
                Rules::isValuePath);
    }

    Map<String, String> stringMap(Key key, String rule, Predicate<Map.Entry<String, String>> valid) {
        var strings = json(key, new TypeReference<LinkedHashMap<String, String>>() {}, rule)
                .orElseGet(LinkedHashMap::new);
        var invalid = strings.entrySet().stream()
                .filter(entry -> entry.getValue() == null || !valid.test(entry))
                .map(Map.Entry::getKey)
                .toList();
        invalid.forEach(name -> invalid(key, name + ": " + strings.get(name), rule, "correct or remove the entry"));
        strings.keySet().removeAll(invalid);
        return strings;
    }

    Map<String, String> podLabels(Key key) {
        var labels = json(
                        key,
                        new TypeReference<LinkedHashMap<String, String>>() {},
                        "must be an object with string values")
                .orElseGet(LinkedHashMap::new);
        var valid = !labels.isEmpty()
                && labels.entrySet().stream()
                        .allMatch(e -> e.getValue() != null && Rules.isPodLabel(e.getKey(), e.getValue()));
        if (!valid && !problems.about(settings.fullKey(key))) {
            invalid(
                    key,
                    labels.toString(),
                    "must contain at least one pod label, each a valid Kubernetes label: an empty selector matches every pod",
                    "set it to the labels that the chart adds to these pods, or remove the key to use the default, "
                            + key.defaultValue());
        }
        return labels;
    }

    private <T> Optional<T> json(Key key, TypeReference<T> type, String rule) {
        var text = string(key);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(JSON.readValue(text.get(), type));
        } catch (JsonProcessingException e) {
            invalid(key, text.get(), rule, "write it as YAML in the stack file, or use pulumi config set --path");
            return Optional.empty();
        }
    }

    private String missing(Key key, String rule, String remedy) {
        problems.add(
                settings.environments().isEmpty()
                        ? new Problem(settings.fullKey(key), "required value is not set; it " + rule, remedy)
                        : new Problem(
                                settings.fullKey(key),
                                Optional.empty(),
                                "not set in the stack file; it may be set in the Pulumi ESC environment "
                                        + String.join(", ", settings.environments()),
                                "check the value with pulumi config get " + key.key() + " --stack "
                                        + settings.name().stack(),
                                true));
        return PLACEHOLDER;
    }

    /** Reports an invalid value. Secrets are masked. */
    void invalid(Key key, String value, String rule, String remedy) {
        var shown = settings.secret(key) ? "[secret]" : value.replaceAll("(://[^/@:]*):[^/@]*@", "$1:[secret]@");
        problems.add(new Problem(settings.fullKey(key), Optional.of(shown), rule, remedy));
    }

    void invalid(Key key, String rule, String remedy) {
        problems.add(new Problem(settings.fullKey(key), rule, remedy));
    }
}
