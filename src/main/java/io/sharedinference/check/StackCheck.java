package io.sharedinference.check;

import io.sharedinference.config.Problem;
import io.sharedinference.config.Problems;
import io.sharedinference.config.Settings;
import io.sharedinference.config.SharedConfig;
import io.sharedinference.config.StackConfig;
import io.sharedinference.config.StackFiles;
import io.sharedinference.config.Surroundings;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.shared.SharedStack;
import io.sharedinference.tenant.TenantStack;
import java.util.List;
import java.util.Optional;

/** The rules for stack files, as far as files alone can tell: for a machine without a cluster, a backend and keys. */
public final class StackCheck {

    private final StackFiles files;
    private final Surroundings surroundings;

    public StackCheck(StackFiles files, Surroundings surroundings) {
        this.files = files;
        this.surroundings = surroundings;
    }

    /** All that is wrong with this stack; empty when nothing is. */
    public List<Problem> problems(String stack) {
        var problems = new Problems();
        files.read(stack, problems).ifPresent(settings -> check(settings, problems));
        return problems.all();
    }

    private void check(Settings settings, Problems problems) {
        StackConfig.parse(settings, problems).ifPresent(config -> {
            surroundings.checkFiles(config, settings, problems);
            config.dispatch(
                    shared -> SharedStack.userValues(shared, surroundings.checkout(), problems),
                    tenant -> {
                        TenantStack.userValues(tenant, surroundings.checkout(), problems);
                        checkListed(tenant, problems);
                    },
                    handover -> {});
        });
    }

    /** Only where the shared stack's file is here; it may be another project's. */
    private void checkListed(TenantConfig config, Problems problems) {
        shared(config)
                .filter(shared -> !shared.tenants().contains(config.tenant()))
                .ifPresent(shared -> problems.add(new Problem(
                        "shared-inference:tenant",
                        Optional.of(config.tenant()),
                        "is no tenant of the stack " + stackName(config) + ", which lists: " + shared.tenants(),
                        "add it to shared-inference:tenants there")));
    }

    private Optional<SharedConfig> shared(TenantConfig config) {
        return files.stacks().contains(stackName(config))
                ? files.read(stackName(config), new Problems())
                        .flatMap(settings -> StackConfig.parse(settings, new Problems()))
                        .filter(SharedConfig.class::isInstance)
                        .map(SharedConfig.class::cast)
                : Optional.empty();
    }

    private static String stackName(TenantConfig config) {
        return StackFiles.plainName(config.sharedStack());
    }
}
