package io.sharedinference.project;

import java.util.Map;

/**
 * Environment variables of the proxy that the chart passes on.
 *
 * @param path      path in the chart's values; keys joined by dots
 * @param format    format that the chart expects there
 * @param variables by name
 */
public record ProxyEnvironment(String path, Format format, Map<String, String> variables) {

    public enum Format {
        /** {@code NAME: value}. */
        MAP,
        /** Kubernetes' {@code {name: NAME, value: value}}. */
        LIST
    }

    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

    /** @param ownProxy whether this project's proxy is deployed, not the chart's */
    static ProxyEnvironment read(SettingsReader settings, boolean ownProxy) {
        var format = settings.required(
                Key.PROXY_ENVIRONMENT_FORMAT,
                "must be map or list",
                "set it to the format that the chart expects at " + Key.PROXY_ENVIRONMENT_PATH.key(),
                text -> text.equals("map") || text.equals("list"));
        return new ProxyEnvironment(
                settings.valuePath(Key.PROXY_ENVIRONMENT_PATH),
                format.equals("list") ? Format.LIST : Format.MAP,
                variables(settings, ProxyLimits.read(settings, ownProxy)));
    }

    private static Map<String, String> variables(SettingsReader settings, Map<String, String> limits) {
        var variables = settings.stringMap(
                Key.PROXY_ENVIRONMENT,
                "must be an object of strings, its keys names of environment variables",
                variable -> variable.getKey().matches(NAME));
        limits.forEach((name, value) -> {
            if (variables.put(name, value) != null) {
                settings.invalid(
                        Key.PROXY_ENVIRONMENT,
                        name,
                        "must not be set together with " + settings.settings().fullKey(Key.PROXY_LIMITS),
                        "keep only one of the two");
            }
        });
        return variables;
    }
}
