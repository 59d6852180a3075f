package io.sharedinference.shared;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.core.internal.Constants;
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
     * @param there    whether the Secret is there; without it only a preview makes sense
     * @param problems what was found before
     * @throws io.sharedinference.config.ConfigException before anything is read, if there are problems
     */
    public static void deploy(Context ctx, HandoverConfig config, boolean there, Problems problems) {
        problems.throwIfAny(ctx.stackName());

        var options = CustomResourceOptions.builder()
                .provider(new ClusterProvider(config.cluster()))
                .build();
        var secret = ServiceToken.secretOf(config.serviceUser(), config.namespace());
        if (!there) {
            ctx.log()
                    .warn(
                            "%s",
                            "the Secret " + secret
                                    + " isn't there yet: the shared stack's pulumi up makes it, and has to go first");
        }
        var id = Output.of(there ? secret : Constants.UnknownValue);
        var token = ServiceToken.read("handover-" + config.serviceUser(), secret, id, options);
        SharedOutputs.handOver(ctx, config, token);
    }
}
