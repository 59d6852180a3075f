package io.sharedinference.review;

import io.sharedinference.chart.OfflineChart;
import io.sharedinference.image.ProxyImage;
import io.sharedinference.program.SharedStack;
import io.sharedinference.program.TenantStack;
import io.sharedinference.program.Values;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Key;
import io.sharedinference.project.Preflight;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.StackFiles;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.project.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Validates stack files without access to a cluster, a backend and secrets. */
public final class StackCheck {

    private final StackFiles files;
    private final Workspace workspace;

    public StackCheck(StackFiles files, Workspace workspace) {
        this.files = files;
        this.workspace = workspace;
    }

    /** Whether the stack has a file. */
    public boolean has(String stack) {
        return files.stacks().contains(stack);
    }

    /** All problems of the stack. */
    public List<Problem> problems(String stack) {
        var problems = new Problems();
        chart(stack, problems);
        return problems.all();
    }

    /**
     * The stack's chart and its values, except secret ones.
     *
     * @param problems receives all problems of the stack; with any, the chart must not be used
     * @return empty for a stack without a chart, and if the stack file cannot be parsed
     */
    public Optional<OfflineChart> chart(String stack, Problems problems) {
        var charts = new ArrayList<OfflineChart>();
        files.read(stack, problems)
                .ifPresent(settings -> StackConfig.parse(settings, problems).ifPresent(config -> {
                    new Preflight(workspace).checkFiles(config, settings, problems);
                    config.dispatch(
                            shared -> charts.add(chart(shared, problems)),
                            tenant -> charts.add(chart(tenant, problems)),
                            handover -> {});
                }));
        return charts.stream().findFirst();
    }

    private OfflineChart chart(SharedConfig config, Problems problems) {
        var user = SharedStack.userValues(config, workspace.checkout(), problems);
        return chart(config.installation(), () -> SharedStack.values(config, user));
    }

    private OfflineChart chart(TenantConfig config, Problems problems) {
        var user = TenantStack.userValues(config, workspace.checkout(), problems);
        checkTenantIsListed(config, problems);
        return chart(
                config.installation(),
                () -> TenantStack.values(
                        config, user, config.image().map(image -> ProxyImage.name(image, workspace.checkout()))));
    }

    private OfflineChart chart(InstallationConfig config, Supplier<Values> values) {
        return new OfflineChart(config, values, workspace.checkout());
    }

    /** Skipped if the shared stack belongs to another project. */
    private void checkTenantIsListed(TenantConfig config, Problems problems) {
        shared(config)
                .filter(shared -> !shared.tenants().contains(config.tenant()))
                .ifPresent(shared -> problems.add(new Problem(
                        Key.TENANT.of(config.sharedStack()),
                        Optional.of(config.tenant()),
                        "tenant is not listed in " + stackName(config) + ", which has " + shared.tenants(),
                        "add it to " + Key.TENANTS.of(config.sharedStack()) + " of that stack")));
    }

    private Optional<SharedConfig> shared(TenantConfig config) {
        return files.stacks().contains(stackName(config))
                ? files.parse(stackName(config), new Problems())
                        .filter(SharedConfig.class::isInstance)
                        .map(SharedConfig.class::cast)
                : Optional.empty();
    }

    private static String stackName(TenantConfig config) {
        return config.sharedStack().stack();
    }
}
