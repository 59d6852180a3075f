package io.sharedinference.shared;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import io.sharedinference.config.HandoverConfig;
import io.sharedinference.config.Problems;
import io.sharedinference.release.ClusterProvider;

/**
 * The role {@code handover}: reads one Secret and exports it. It refers to no stack: a reference would copy all outputs of
 * the stack that it names into this one's state.
 */
public final class HandoverStack {

    private HandoverStack() {}

    /**
     * @param problems what was found before
     * @throws io.sharedinference.config.ConfigException before anything is read, if there are problems
     */
    public static void deploy(Context ctx, HandoverConfig config, Problems problems) {
        problems.throwIfAny(ctx.stackName());

        var options = CustomResourceOptions.builder()
                .provider(new ClusterProvider(config.cluster()))
                .build();
        var secret = ServiceToken.secretOf(config.serviceUser(), config.namespace());
        var token = ServiceToken.read("handover-" + config.serviceUser(), secret, Output.of(secret), options);
        SharedOutputs.handOver(ctx, config, token);
    }
}
