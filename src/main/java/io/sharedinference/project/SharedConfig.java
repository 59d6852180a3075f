package io.sharedinference.project;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The installation that runs PhariaInference for all.
 *
 * @param inferenceApiCa   for its clients; empty when a public CA signed the API's certificate
 * @param serviceUsers     one entry per tenant, sorted by its name; all names are DNS labels and there once
 * @param disabledServices paths into the chart's values, each to get {@code enabled: false}
 * @param tokenOutputs     whether this stack hands out the tokens; if not, hand-over stacks do
 * @param force            whether to do what cuts tenants off
 */
public record SharedConfig(
        InstallationConfig installation,
        Optional<CaCertificates> inferenceApiCa,
        List<ServiceUsers> serviceUsers,
        List<String> disabledServices,
        boolean tokenOutputs,
        boolean force)
        implements StackConfig {

    /** Top keys of the chart's values for what every tenant needs of the shared installation. */
    public static final List<String> NEEDED_SERVICES = List.of("inference-api", "pharia-iam");

    static SharedConfig read(SettingsReader settings) {
        var installation = InstallationConfig.read(settings, InstallationConfig.SHARED_NAMESPACE);
        return new SharedConfig(
                installation,
                CaCertificates.read(settings, installation.inferenceApiUrl()),
                serviceUsers(settings, tenants(settings)),
                disabledServices(settings),
                settings.flag(Key.TOKEN_OUTPUTS),
                settings.flag(Key.FORCE));
    }

    /** The tenants' names. */
    public List<String> tenants() {
        return serviceUsers.stream().map(ServiceUsers::tenant).toList();
    }

    private static List<String> tenants(SettingsReader settings) {
        var tenants = settings.list(Key.TENANTS);
        var seen = new HashSet<String>();
        for (var tenant : tenants) {
            if (tenant == null || !Rules.isLabel(tenant)) {
                settings.invalid(
                        Key.TENANTS,
                        String.valueOf(tenant),
                        Rules.LABEL_RULE,
                        "rename this tenant, here and in its own stack");
            } else if (!seen.add(tenant)) {
                settings.invalid(Key.TENANTS, tenant, "must name each tenant once", "remove the second entry");
            }
        }
        seen.forEach(tenant -> checkSuccessorNames(settings, tenant, seen));
        return seen.stream().sorted().toList();
    }

    /** Otherwise one tenant's rotation would end with the other one's token. */
    private static void checkSuccessorNames(SettingsReader settings, String tenant, Set<String> all) {
        ServiceUsers.tenantOfSuccessor(tenant)
                .filter(all::contains)
                .ifPresent(other -> settings.invalid(
                        Key.TENANTS,
                        tenant,
                        "must not be a name that a later service user of the tenant " + other + " may get",
                        "rename this tenant, for instance to " + tenant.replaceAll("-([0-9]+)$", "$1")));
    }

    private static List<ServiceUsers> serviceUsers(SettingsReader settings, List<String> tenants) {
        var listed = settings.stringLists(Key.SERVICE_USERS);
        listed.forEach((tenant, names) -> checkServiceUsers(settings, tenants, tenant, names));
        return tenants.stream()
                .map(tenant -> listed.getOrDefault(tenant, List.of()).isEmpty()
                        ? ServiceUsers.only(tenant)
                        : new ServiceUsers(tenant, listed.get(tenant)))
                .toList();
    }

    private static void checkServiceUsers(
            SettingsReader settings, List<String> tenants, String tenant, List<String> names) {
        if (!tenants.contains(tenant)) {
            settings.invalid(
                    Key.SERVICE_USERS,
                    tenant,
                    "must be one of the tenants, which are " + tenants,
                    "correct or remove this entry, or add the tenant to "
                            + settings.settings().fullKey(Key.TENANTS));
        }
        var wrong = names.stream()
                .filter(name -> !Rules.isLabel(name) || !ServiceUsers.canBeOf(tenant, name))
                .toList();
        if (names.isEmpty() || !wrong.isEmpty() || new HashSet<>(names).size() < names.size()) {
            settings.invalid(
                    Key.SERVICE_USERS,
                    tenant + ": " + names,
                    "must list at least one service user, each once: the tenant's name, or that with -2, -3 and so on behind it",
                    "leave the entry out, or write it like " + tenant + ": [" + tenant + ", " + tenant
                            + "-2]; the last one's token is handed out");
        }
    }

    private static List<String> disabledServices(SettingsReader settings) {
        var paths = settings.list(Key.DISABLED_SERVICES);
        for (var path : paths) {
            if (path == null || !Rules.isValuePath(path)) {
                settings.invalid(
                        Key.DISABLED_SERVICES,
                        String.valueOf(path),
                        "must be a path into the chart's values, its parts joined by dots",
                        "write it like pharia-studio or parent.service");
            } else if (isNeeded(path.split("\\.")[0])) {
                settings.invalid(
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

    private static boolean isNeeded(String topKey) {
        return topKey.equals("global") || NEEDED_SERVICES.contains(topKey);
    }

    @Override
    public ClusterConfig cluster() {
        return installation.cluster();
    }

    @Override
    public Optional<InstallationConfig> installed() {
        return Optional.of(installation);
    }

    @Override
    public void dispatch(
            Consumer<SharedConfig> shared, Consumer<TenantConfig> tenant, Consumer<HandoverConfig> handover) {
        shared.accept(this);
    }
}
