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

/** The role {@code shared}: declares the installation and exports the outputs that tenant stacks read. */
public final class SharedStack {

    private SharedStack() {}

    /**
     * @param dependents stacks that read their token from this stack
     * @param tokens     returns the tokens of the given service users, by service user
     * @param listener   called when the release is declared
     * @param problems   found so far; reported together with those found here
     * @throws io.sharedinference.project.ConfigException before any resource is declared, if there are problems
     */
    public static void deploy(
            Context ctx,
            SharedConfig config,
            Path checkout,
            List<SiblingStacks.Dependent> dependents,
            Function<List<String>, Map<String, Token>> tokens,
            ReleaseListener listener,
            Problems problems) {
        var user = userValues(config, checkout, problems);
        new TenantsInUse(config, dependents).check(problems);
        problems.throwIfAny(ctx.stackName());

        var values = values(config, user);
        var installation = new Installation("shared", config.installation(), values, checkout, options -> List.of());
        ReleaseWatch.start(ctx, config.installation(), checkout, installation.status());
        listener.release(config.installation(), values, installation.status());
        SharedOutputs.of(config, tokens(config, installation, tokens)).export(ctx);
    }

    /** Unknown in a preview that changes the release, which may change the tokens. */
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

    /** Reads the user's values and checks them against the shared role. Does not access the cluster. */
    public static UserValues userValues(SharedConfig config, Path checkout, Problems problems) {
        var user = UserValues.read(config.installation(), checkout, problems);
        InferenceMode.LOCAL.check(user, problems);
        SharedValues.check(config, user, problems);
        return user;
    }

    /** The values of the release. Does not access the cluster. */
    public static Values values(SharedConfig config, UserValues user) {
        return SharedValues.of(config, user.merged());
    }
}
