package io.sharedinference;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.deployment.Deployment;
import io.sharedinference.cluster.EnvironmentProxies;
import io.sharedinference.cluster.HandoverSecret;
import io.sharedinference.cluster.PendingRelease;
import io.sharedinference.cluster.ServiceTokens;
import io.sharedinference.cluster.Takeover;
import io.sharedinference.config.InstallationConfig;
import io.sharedinference.config.Problems;
import io.sharedinference.config.Settings;
import io.sharedinference.config.StackConfig;
import io.sharedinference.config.Surroundings;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.shared.HandoverStack;
import io.sharedinference.shared.SharedStack;
import io.sharedinference.shared.StackProbe;
import io.sharedinference.tenant.TenantObjects;
import io.sharedinference.tenant.TenantStack;
import java.nio.file.Path;
import java.util.logging.LogManager;

/** The Pulumi program. What a stack becomes is in its configuration: the key {@code role}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // on JDK 25 with two cores the common pool has one worker, which the SDK keeps busy waiting for itself
        System.getProperties().putIfAbsent("java.util.concurrent.ForkJoinPool.common.parallelism", "8");
        LogManager.getLogManager().reset(); // the SDK logs to stderr what it sends to the engine as well
        EnvironmentProxies.install(System.getenv());
        Pulumi.run(Main::deploy);
    }

    private static void deploy(Context ctx) {
        SdkLoop.slowDown();
        var surroundings = new Surroundings(System.getenv(), Path.of("").toAbsolutePath());
        var settings = Settings.fromEnvironment(
                surroundings.environment(), ctx.organizationName(), ctx.projectName(), ctx.stackName());
        var problems = new Problems();
        StackConfig.parse(settings, problems).ifPresent(config -> {
            surroundings.check(config, settings, problems);
            config.installed()
                    .map(InstallationConfig::cluster)
                    .filter(cluster -> !cluster.isTested())
                    .ifPresent(
                            cluster -> ctx.log()
                                    .warn(
                                            "%s",
                                            "this project's tests ran with another Kubernetes provider than "
                                                    + cluster.pluginVersion()
                                                    + ". Fix: leave kubernetesPluginVersion out, or read the previews with care"));
            if (!Deployment.getInstance().isDryRun()) { // a preview touches nothing, and is to be quick
                config.installed().ifPresent(at -> PendingRelease.check(at, surroundings.checkout(), problems));
            }
            if (config instanceof TenantConfig tenant && !surroundings.adopting()) {
                var own = String.join("/", ctx.organizationName(), ctx.projectName(), ctx.stackName());
                Takeover.check(
                        tenant.installation(),
                        TenantObjects.of(tenant),
                        StackProbe.urns(own),
                        surroundings.checkout(),
                        problems);
            }
            config.dispatch(
                    shared -> SharedStack.deploy(
                            ctx,
                            shared,
                            surroundings.checkout(),
                            surroundings.dependents(settings, shared),
                            serviceUsers -> ServiceTokens.read(
                                    shared.cluster(),
                                    surroundings.checkout(),
                                    shared.installation().namespace(),
                                    serviceUsers),
                            problems),
                    tenant -> TenantStack.deploy(
                            ctx, tenant, surroundings.checkout(), surroundings.source(settings, tenant), problems),
                    handover -> {
                        var announced =
                                Deployment.getInstance().isDryRun() && surroundings.announce(settings, handover);
                        var token = HandoverSecret.read(handover, surroundings.checkout(), announced, problems);
                        HandoverStack.deploy(ctx, handover, token, problems);
                    });
        });
        problems.throwIfAny(ctx.stackName());
    }
}
