package io.sharedinference.program;

import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.SiblingStacks.Dependent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Refuses what would cut off tenants that are still there, unless it is forced. Only stacks of this project can be seen;
 * those of other people can't.
 */
final class TenantsInUse {

    private static final String FORCE = "; to do it all the same: pulumi config set force true";

    private final SharedConfig config;
    private final List<Dependent> dependents;
    private final String stack;

    /**
     * @param dependents by the files that there are
     * @param stack      the shared stack itself, as {@code organization/project/stack}
     */
    TenantsInUse(SharedConfig config, List<Dependent> dependents, String stack) {
        this.config = config;
        this.dependents = dependents;
        this.stack = stack;
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
                        "shared-inference:tenants",
                        Optional.of(config.tenants().toString()),
                        "lacks the tenant " + dependent.tenant() + ", whose stack " + dependent.stack()
                                + " still exists: its users would be cut off",
                        "destroy that stack first (./tenant remove does all of it), or add the tenant again" + FORCE)));
        if (!config.installation().protect() && !config.tenants().isEmpty()) {
            problems.add(new Problem(
                    "shared-inference:protect",
                    Optional.of("false"),
                    "must stay true while there are tenants, which are " + config.tenants()
                            + ": a destroy would cut off all of them",
                    "remove the tenants first" + FORCE));
        }
    }

    /** Those whose file may be gone with the entry: a tenant's stack is named like the tenant, unless its file said otherwise. */
    private Stream<Dependent> deployed() {
        return StackProbe.outputs(stack).get(SharedOutputs.TENANTS) instanceof List<?> tenants
                ? tenants.stream().map(String::valueOf).map(tenant -> new Dependent(sibling(tenant), tenant))
                : Stream.empty();
    }

    private String sibling(String name) {
        return stack.substring(0, stack.lastIndexOf('/') + 1) + name;
    }
}
