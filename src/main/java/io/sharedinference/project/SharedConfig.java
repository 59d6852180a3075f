package io.sharedinference.project;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Configuration of a stack with the role {@code shared}: the installation that runs PhariaInference for all tenants.
 *
 * @param inferenceApiCa   CA certificates for the API's clients; empty if a public CA signed its certificate
 * @param serviceUsers     one entry per tenant, sorted by its name; all names are unique DNS labels
 * @param disabledServices paths in the chart's values that get {@code enabled: false}
 * @param tokenOutputs     whether this stack exports the tokens; if not, hand-over stacks do
 * @param prometheusUrl    Prometheus server that scrapes the proxies
 * @param force            whether to allow changes that cut tenants off
 */
public record SharedConfig(
        InstallationConfig installation,
        Optional<CaCertificates> inferenceApiCa,
        List<ServiceUsers> serviceUsers,
        List<String> disabledServices,
        boolean tokenOutputs,
        Optional<URI> prometheusUrl,
        boolean force)
        implements StackConfig.Installed {

    /** Top-level keys in the chart's values of the services that every tenant requires. */
    public static final List<String> REQUIRED_SERVICES = List.of("inference-api", "pharia-iam");

    static SharedConfig read(SettingsReader settings) {
        var installation = InstallationConfig.read(settings, InstallationConfig.SHARED_NAMESPACE);
        return new SharedConfig(
                installation,
                CaCertificates.read(settings, installation.inferenceApiUrl()),
                serviceUsers(settings, tenants(settings)),
                disabledServices(settings),
                settings.flag(Key.TOKEN_OUTPUTS),
                settings.url(Key.PROMETHEUS_URL),
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
                        "rename the tenant here and in its stack");
            } else if (!seen.add(tenant)) {
                settings.invalid(Key.TENANTS, tenant, "duplicate tenant", "remove the duplicate entry");
            }
        }
        seen.forEach(tenant -> checkSuccessorNames(settings, tenant, seen));
        return seen.stream().sorted().toList();
    }

    /** Prevents that rotating one tenant's token exports another tenant's. */
    private static void checkSuccessorNames(SettingsReader settings, String tenant, Set<String> all) {
        ServiceUsers.tenantOfSuccessor(tenant)
                .filter(all::contains)
                .ifPresent(other -> settings.invalid(
                        Key.TENANTS,
                        tenant,
                        "conflicts with the name of a future service user of the tenant " + other,
                        "rename the tenant, for example to " + tenant.replaceAll("-([0-9]+)$", "$1")));
    }

    private static List<ServiceUsers> serviceUsers(SettingsReader settings, List<String> tenants) {
        var listed = settings.stringLists(Key.SERVICE_USERS);
        listed.forEach((tenant, names) -> checkServiceUsers(settings, tenants, tenant, names));
        return tenants.stream()
                .map(tenant -> Optional.ofNullable(listed.get(tenant))
                        .filter(names -> !names.isEmpty())
                        .map(names -> new ServiceUsers(tenant, names))
                        .orElseGet(() -> ServiceUsers.initial(tenant)))
                .toList();
    }

    private static void checkServiceUsers(
            SettingsReader settings, List<String> tenants, String tenant, List<String> names) {
        if (!tenants.contains(tenant)) {
            settings.invalid(
                    Key.SERVICE_USERS,
                    tenant,
                    "unknown tenant, the tenants are " + tenants,
                    "correct or remove the entry, or add the tenant to "
                            + settings.settings().fullKey(Key.TENANTS));
        }
        var wrong = names.stream()
                .filter(name -> !Rules.isLabel(name) || !ServiceUsers.belongsTo(tenant, name))
                .toList();
        if (names.isEmpty() || !wrong.isEmpty() || new HashSet<>(names).size() < names.size()) {
            settings.invalid(
                    Key.SERVICE_USERS,
                    tenant + ": " + names,
                    "must list at least one service user, without duplicates, from " + ServiceUsers.examples(tenant),
                    "remove the entry, or use the form " + tenant + ": [" + tenant + ", " + tenant
                            + "-2]; the last one's token is exported");
        }
    }

    private static List<String> disabledServices(SettingsReader settings) {
        var paths = settings.list(Key.DISABLED_SERVICES);
        for (var path : paths) {
            if (path == null || !Rules.isValuePath(path)) {
                settings.invalid(
                        Key.DISABLED_SERVICES,
                        String.valueOf(path),
                        Rules.VALUE_PATH_RULE,
                        "use the form pharia-studio or parent.service");
            } else if (isRequired(path.split("\\.", 2)[0])) {
                settings.invalid(
                        Key.DISABLED_SERVICES,
                        path,
                        "must not disable inference or IAM: every tenant requires both",
                        "remove the entry");
            }
        }
        return paths.stream()
                .filter(path -> path != null && Rules.isValuePath(path))
                .distinct()
                .toList();
    }

    private static boolean isRequired(String service) {
        return service.equals("global") || REQUIRED_SERVICES.contains(service);
    }

    @Override
    public void dispatch(
            Consumer<SharedConfig> shared, Consumer<TenantConfig> tenant, Consumer<HandoverConfig> handover) {
        shared.accept(this);
    }
}
