package io.sharedinference;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import com.pulumi.deployment.Deployment;
import io.sharedinference.chart.RenderedChart;
import io.sharedinference.kubernetes.EnvironmentProxySelector;
import io.sharedinference.kubernetes.ExistingObjects;
import io.sharedinference.kubernetes.HandoverSecret;
import io.sharedinference.kubernetes.MissingKind;
import io.sharedinference.kubernetes.PendingRelease;
import io.sharedinference.kubernetes.ServiceTokens;
import io.sharedinference.program.HandoverStack;
import io.sharedinference.program.SharedStack;
import io.sharedinference.program.StackProbe;
import io.sharedinference.program.TenantObjects;
import io.sharedinference.program.TenantStack;
import io.sharedinference.program.Values;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Key;
import io.sharedinference.project.Preflight;
import io.sharedinference.project.Problems;
import io.sharedinference.project.Settings;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.SiblingStacks;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.StackName;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.project.Workspace;
import java.nio.file.Path;
import java.util.logging.LogManager;

/** The Pulumi program. The configuration key {@code role} selects what a stack deploys. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // on JDK 25 with two cores the common pool has one worker, which the SDK blocks while waiting for another task
        System.getProperties().putIfAbsent("java.util.concurrent.ForkJoinPool.common.parallelism", "8");
        LogManager.getLogManager().reset(); // the SDK also logs to stderr what it sends to the engine
        EnvironmentProxySelector.install(System.getenv());
        Pulumi.run(Main::deploy);
    }

    private static void deploy(Context ctx) {
        SdkLoop.slowDown();
        var workspace = new Workspace(System.getenv(), Path.of("").toAbsolutePath());
        var name = new StackName(ctx.organizationName(), ctx.projectName(), ctx.stackName());
        var settings = Settings.fromEnvironment(workspace.environment(), name)
                .withoutOtherRoles(workspace.stackFiles(name).projectValues());
        var problems = new Problems();
        StackConfig.parse(settings, problems).ifPresent(config -> {
            var stack = new Stack(ctx, workspace, settings, problems);
            stack.check(config);
            config.dispatch(stack::shared, stack::tenant, stack::handover);
        });
        problems.throwIfAny(ctx.stackName());
    }

    /** The program for one stack. */
    private record Stack(Context ctx, Workspace workspace, Settings settings, Problems problems) {

        void check(StackConfig config) {
            new Preflight(workspace).check(config, settings, problems);
            config.installed().map(InstallationConfig::cluster).ifPresent(this::warnOfUntestedProvider);
            if (!Deployment.getInstance().isDryRun()) { // a preview changes nothing and should be fast
                config.installed()
                        .ifPresent(installed -> PendingRelease.check(installed, workspace.checkout(), problems));
            }
        }

        private void warnOfUntestedProvider(ClusterConfig cluster) {
            if (!cluster.isTested()) {
                ctx.log()
                        .warn(
                                "%s",
                                "the Kubernetes provider " + cluster.pluginVersion()
                                        + " is not tested with this project.\nFix: remove "
                                        + Key.KUBERNETES_PLUGIN_VERSION.of(settings.name())
                                        + ", or review previews carefully.");
            }
        }

        void shared(SharedConfig config) {
            SharedStack.deploy(
                    ctx,
                    config,
                    workspace.checkout(),
                    siblings().dependents(config),
                    serviceUsers -> ServiceTokens.read(
                            config.cluster(),
                            workspace.checkout(),
                            config.installation().namespace(),
                            serviceUsers),
                    this::reportRenderedChart,
                    problems);
        }

        void tenant(TenantConfig config) {
            MissingKind.check(config.installation(), TenantObjects.of(config), workspace.checkout(), problems);
            if (!workspace.adopting()) {
                ExistingObjects.check(
                        config.installation(),
                        TenantObjects.of(config),
                        StackProbe.urns(settings.name()),
                        workspace.checkout(),
                        problems);
            }
            TenantStack.deploy(
                    ctx, config, workspace.checkout(), siblings().source(config), this::reportRenderedChart, problems);
        }

        void handover(HandoverConfig config) {
            var announced = Deployment.getInstance().isDryRun() && siblings().declares(config);
            var token = HandoverSecret.read(config, workspace.checkout(), announced, problems);
            HandoverStack.deploy(ctx, config, token, problems);
        }

        private void reportRenderedChart(InstallationConfig config, Values values, Output<?> status) {
            new RenderedChart(config, values, workspace.checkout()).report(ctx, status);
        }

        private SiblingStacks siblings() {
            return new SiblingStacks(workspace, settings);
        }
    }
}
