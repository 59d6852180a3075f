package io.sharedinference.project;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What hands one tenant its token, and no other's: for tenants that other people administer.
 *
 * @param cluster         the shared installation's
 * @param namespace       the shared installation's
 * @param inferenceApiUrl where the shared inference is reached; without a slash at its end
 * @param inferenceApiCa  for its clients; empty when a public CA signed the API's certificate
 * @param tenant          its name, as the shared stack knows it
 * @param serviceUser     whose token is handed over
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
                                "must be one of the tenant's service users: its name, or that with -2, -3 and so on behind it",
                                "leave the key out, or name the last one that the shared stack's serviceUsers lists",
                                name -> Rules.isLabel(name) && ServiceUsers.canBeOf(tenant, name))
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
