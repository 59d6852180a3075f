package io.sharedinference.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The installation that runs PhariaInference for all.
 *
 * @param tenants          names, each a DNS label and there once
 * @param disabledServices paths into the chart's values, each to get {@code enabled: false}
 */
public record SharedConfig(InstallationConfig installation, List<String> tenants, List<String> disabledServices)
        implements StackConfig {

    private static final Set<String> NEEDED = Set.of("global", "inference-api", "pharia-iam");

    static SharedConfig read(SettingsReader settings) {
        return new SharedConfig(
                InstallationConfig.read(settings, InstallationConfig.SHARED_NAMESPACE),
                tenants(settings),
                disabledServices(settings));
    }

    private static List<String> tenants(SettingsReader settings) {
        var tenants = settings.list(Key.TENANTS);
        var seen = new HashSet<String>();
        for (var tenant : tenants) {
            if (tenant == null || !Rules.isLabel(tenant)) {
                settings.wrong(
                        Key.TENANTS,
                        String.valueOf(tenant),
                        Rules.LABEL_RULE,
                        "rename this tenant, here and in its own stack");
            } else if (!seen.add(tenant)) {
                settings.wrong(Key.TENANTS, tenant, "must name each tenant once", "remove the second entry");
            }
        }
        return seen.stream().sorted().toList();
    }

    private static List<String> disabledServices(SettingsReader settings) {
        var paths = settings.list(Key.DISABLED_SERVICES);
        for (var path : paths) {
            if (path == null || !Rules.isValuePath(path)) {
                settings.wrong(
                        Key.DISABLED_SERVICES,
                        String.valueOf(path),
                        "must be a path into the chart's values, its parts joined by dots",
                        "write it like pharia-studio or parent.service");
            } else if (NEEDED.contains(path.split("\\.")[0])) {
                settings.wrong(
                        Key.DISABLED_SERVICES,
                        path,
                        "must leave inference and IAM on: every tenant needs both",
                        "remove this entry");
            }
        }
        return paths.stream()
                .filter(path -> path != null && Rules.isValuePath(path))
                .distinct()
                .toList();
    }

    @Override
    public void dispatch(Consumer<SharedConfig> shared, Consumer<TenantConfig> tenant) {
        shared.accept(this);
    }
}
