package io.sharedinference.program;

import io.sharedinference.project.Key;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.SiblingStacks.Dependent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rejects changes that cut off deployed tenants, unless forced. Only knows the stacks of this project.
 */
final class TenantsInUse {

    private static final String OVERRIDE = ", or override with pulumi config set force true";

    private final SharedConfig config;
    private final List<Dependent> dependents;

    /** @param dependents dependent stacks, according to the stack files */
    TenantsInUse(SharedConfig config, List<Dependent> dependents) {
        this.config = config;
        this.dependents = dependents;
    }

    void check(Problems problems) {
        if (config.force()) {
            return;
        }
        Stream.concat(dependents.stream(), deployed())
                .distinct()
                .filter(dependent -> !config.tenants().contains(dependent.tenant()))
                .filter(dependent -> StackProbe.hasResources(dependent.stack()))
                .forEach(dependent -> problems.add(new Problem(
                        config.installation().key(Key.TENANTS),
                        Optional.of(config.tenants().toString()),
                        "tenant " + dependent.tenant() + " is not listed, but its stack " + dependent.stack()
                                + " exists: its users would lose access",
                        "destroy that stack first with ./tenant remove " + dependent.tenant() + ", add the tenant again"
                                + OVERRIDE)));
        if (!config.installation().protect() && !config.tenants().isEmpty()) {
            problems.add(new Problem(
                    config.installation().key(Key.PROTECT),
                    Optional.of("false"),
                    "must be true while there are tenants: destroying the stack would cut off " + config.tenants(),
                    "remove the tenants first" + OVERRIDE));
        }
    }

    /** Tenants in the deployed outputs, whose files may be deleted already. Their stacks are assumed to have their names. */
    private Stream<Dependent> deployed() {
        var own = config.installation().name();
        return StackProbe.outputs(own).get(SharedOutputs.TENANTS) instanceof List<?> tenants
                ? tenants.stream().map(String::valueOf).map(tenant -> new Dependent(own.resolve(tenant), tenant))
                : Stream.empty();
    }
}
