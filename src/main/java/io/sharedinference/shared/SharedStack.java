package io.sharedinference.shared;

import com.pulumi.Context;
import com.pulumi.core.Output;
import io.sharedinference.cluster.ReleaseWatch;
import io.sharedinference.config.Problems;
import io.sharedinference.config.ServiceUsers;
import io.sharedinference.config.SharedConfig;
import io.sharedinference.config.Surroundings;
import io.sharedinference.release.Installation;
import io.sharedinference.release.Token;
import io.sharedinference.rendered.RenderedChart;
import io.sharedinference.values.Inference;
import io.sharedinference.values.UserValues;
import io.sharedinference.values.Values;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The role {@code shared}: values, then the installation, then what tenants need to know. */
public final class SharedStack {

    private SharedStack() {}

    /**
     * @param dependents the stacks that take their token from this one
     * @param tokens     reads those of the service users that are named, by service user
     * @param problems   what was found before; reported together with what is found here
     * @throws io.sharedinference.config.ConfigException before anything is declared, if there are problems
     */
    public static void deploy(
            Context ctx,
            SharedConfig config,
            Path checkout,
            List<Surroundings.Dependent> dependents,
            Function<List<String>, Map<String, Token>> tokens,
            Problems problems) {
        var user = userValues(config, checkout, problems);
        var own = String.join("/", ctx.organizationName(), ctx.projectName(), ctx.stackName());
        new TenantsInUse(config, dependents, own).check(problems);
        problems.throwIfAny(ctx.stackName());

        var values = values(config, user);
        var installation = new Installation("shared", config.installation(), values, checkout, options -> List.of());
        ReleaseWatch.start(ctx, config.installation(), checkout, installation.status());
        new RenderedChart(config.installation(), values, checkout).report(ctx, installation.status());
        SharedOutputs.of(config, tokens(config, installation, tokens)).export(ctx);
    }

    /** Unknown in a preview that changes the release, with which they may change. */
    private static Output<Map<String, Token>> tokens(
            SharedConfig config, Installation installation, Function<List<String>, Map<String, Token>> tokens) {
        var current = config.serviceUsers().stream().map(ServiceUsers::current).toList();
        return config.tokenOutputs() && !current.isEmpty()
                ? installation.status().applyValue(status -> tokens.apply(current))
                : Output.of(Map.of());
    }

    /** The values that the user brings, checked against what the shared installation must be; needs no cluster. */
    public static UserValues userValues(SharedConfig config, Path checkout, Problems problems) {
        var user = UserValues.read(config.installation(), checkout, problems);
        Inference.HERE.check(user, problems);
        SharedValues.check(config, user, problems);
        return user;
    }

    /** What the chart is given; needs no cluster. */
    public static Values values(SharedConfig config, UserValues user) {
        return SharedValues.of(config, user.merged());
    }
}
