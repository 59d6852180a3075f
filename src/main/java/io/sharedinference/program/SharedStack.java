package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.core.Output;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.kubernetes.ReleaseWatch;
import io.sharedinference.project.Problems;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.SiblingStacks;
import io.sharedinference.secrets.Token;
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
     * @param declared   hears of the release when it is declared
     * @param problems   what was found before; reported together with what is found here
     * @throws io.sharedinference.project.ConfigException before anything is declared, if there are problems
     */
    public static void deploy(
            Context ctx,
            SharedConfig config,
            Path checkout,
            List<SiblingStacks.Dependent> dependents,
            Function<List<String>, Map<String, Token>> tokens,
            ReleaseListener declared,
            Problems problems) {
        var user = userValues(config, checkout, problems);
        var own = String.join("/", ctx.organizationName(), ctx.projectName(), ctx.stackName());
        new TenantsInUse(config, dependents, own).check(problems);
        problems.throwIfAny(ctx.stackName());

        var values = values(config, user);
        var installation = new Installation("shared", config.installation(), values, checkout, options -> List.of());
        ReleaseWatch.start(ctx, config.installation(), checkout, installation.status());
        declared.release(config.installation(), values, installation.status());
        SharedOutputs.of(config, tokens(config, installation, tokens)).export(ctx);
    }

    /** Unknown in a preview that changes the release, with which they may change. */
    private static Output<Map<String, Token>> tokens(
            SharedConfig config, Installation installation, Function<List<String>, Map<String, Token>> tokens) {
        var current = config.serviceUsers().stream().map(ServiceUsers::current).toList();
        return config.tokenOutputs() && !current.isEmpty()
                ? installation.status().applyValue(status -> read(tokens, current))
                : Output.of(Map.of());
    }

    private static Map<String, Token> read(Function<List<String>, Map<String, Token>> tokens, List<String> users) {
        try {
            return tokens.apply(users);
        } catch (ClusterException e) {
            throw new DeployException(e.getMessage());
        }
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
