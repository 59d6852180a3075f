package io.sharedinference.project;

import java.util.Optional;
import java.util.function.Consumer;

/** Parsed configuration of a stack. */
public sealed interface StackConfig permits StackConfig.Installed, HandoverConfig {

    /** Configuration of a stack that installs the chart. */
    sealed interface Installed extends StackConfig permits SharedConfig, TenantConfig {

        InstallationConfig installation();

        @Override
        default ClusterConfig cluster() {
            return installation().cluster();
        }

        @Override
        default Optional<InstallationConfig> installed() {
            return Optional.of(installation());
        }
    }

    ClusterConfig cluster();

    /** The installation; empty for a hand-over stack. */
    Optional<InstallationConfig> installed();

    /** Calls the consumer of the role. A new role adds a parameter, so that the compiler finds every caller. */
    void dispatch(Consumer<SharedConfig> shared, Consumer<TenantConfig> tenant, Consumer<HandoverConfig> handover);

    /**
     * Parses and checks a stack's configuration on its own. If this adds to {@code problems}, use the result for further
     * checks only.
     *
     * @return empty if the role is unknown
     */
    static Optional<StackConfig> parse(Settings settings, Problems problems) {
        var reader = new SettingsReader(settings, problems);
        var role = reader.optional(
                        Key.ROLE,
                        "must be shared, tenant or handover",
                        "pulumi config set role ROLE",
                        text -> Role.of(text).isPresent())
                .flatMap(Role::of);
        if (reader.string(Key.ROLE).isEmpty()) {
            reader.invalid(
                    Key.ROLE,
                    "required value is not set; it must be shared, tenant or handover",
                    "pulumi config set role ROLE");
        }
        new KnownKeys(settings, problems).check(role);
        if (role.isEmpty()) {
            InstallationConfig.read(reader, ""); // finds the problems that do not depend on the role
        }
        return role.map(known -> switch (known) {
            case SHARED -> SharedConfig.read(reader);
            case TENANT -> TenantConfig.read(reader);
            case HANDOVER -> HandoverConfig.read(reader);
        });
    }
}
