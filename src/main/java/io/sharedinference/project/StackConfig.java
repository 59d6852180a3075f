package io.sharedinference.project;

import java.util.Optional;
import java.util.function.Consumer;

/** What one stack is to be: parsed and checked once, before anything else. */
public sealed interface StackConfig permits SharedConfig, TenantConfig, HandoverConfig {

    ClusterConfig cluster();

    /** Empty for a stack that installs nothing. */
    Optional<InstallationConfig> installed();

    /** Calls the one that fits; a new role adds a parameter, and the compiler finds every place. */
    void dispatch(Consumer<SharedConfig> shared, Consumer<TenantConfig> tenant, Consumer<HandoverConfig> handover);

    /**
     * Everything that the configuration alone can say is checked and what is wrong added to {@code problems}; the result is
     * then fit for further checks only.
     *
     * @return empty when the role is unknown
     */
    static Optional<StackConfig> parse(Settings settings, Problems problems) {
        var reader = new SettingsReader(settings, problems);
        var role = reader.optional(
                        Key.ROLE,
                        "must be shared, tenant or handover",
                        "pulumi config set role shared, or one of the others",
                        text -> Role.of(text).isPresent())
                .flatMap(Role::of);
        if (reader.string(Key.ROLE).isEmpty()) {
            reader.invalid(
                    Key.ROLE,
                    "is not set; it must be shared, tenant or handover",
                    "pulumi config set role shared, or one of the others");
        }
        new KnownKeys(settings, problems).check(role);
        if (role.isEmpty()) {
            InstallationConfig.read(reader, ""); // for what is wrong in any role
        }
        return role.map(known -> switch (known) {
            case SHARED -> SharedConfig.read(reader);
            case TENANT -> TenantConfig.read(reader);
            case HANDOVER -> HandoverConfig.read(reader);
        });
    }
}
