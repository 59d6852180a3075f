package io.sharedinference.project;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Configuration of a stack with the role {@code handover}, which exports the token of a single tenant to its operators.
 *
 * @param cluster         cluster of the shared installation
 * @param namespace       namespace of the shared installation
 * @param inferenceApiUrl URL of the shared inference API, without a trailing slash
 * @param inferenceApiCa  CA certificates for the API's clients; empty if a public CA signed its certificate
 * @param tenant          the tenant's name in the shared stack's list of tenants
 * @param serviceUser     service user whose token is exported
 */
public record HandoverConfig(
        ClusterConfig cluster,
        String namespace,
        URI inferenceApiUrl,
        Optional<CaCertificates> inferenceApiCa,
        String tenant,
        String serviceUser)
        implements StackConfig {

    static HandoverConfig read(SettingsReader settings) {
        var tenant = settings.tenant();
        var inferenceApi = InstallationConfig.url(settings, Key.INFERENCE_API_URL, "inference-api");
        return new HandoverConfig(
                ClusterConfig.read(settings),
                InstallationConfig.namespace(settings, InstallationConfig.SHARED_NAMESPACE),
                inferenceApi,
                CaCertificates.read(settings, inferenceApi),
                tenant,
                settings.optional(
                                Key.SERVICE_USER,
                                "must be a service user of the tenant: " + ServiceUsers.examples(tenant),
                                "remove the key, or set it to the tenant's last entry in the shared stack's "
                                        + Key.SERVICE_USERS.key(),
                                name -> Rules.isLabel(name) && ServiceUsers.belongsTo(tenant, name))
                        .orElse(tenant));
    }

    @Override
    public Optional<InstallationConfig> installed() {
        return Optional.empty();
    }

    @Override
    public void dispatch(
            Consumer<SharedConfig> shared, Consumer<TenantConfig> tenant, Consumer<HandoverConfig> handover) {
        handover.accept(this);
    }
}
