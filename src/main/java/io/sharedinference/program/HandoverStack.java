package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.core.internal.Constants;
import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.Problems;
import io.sharedinference.secrets.Token;
import java.util.Optional;

/**
 * The role {@code handover}: exports one token. It refers to no stack: a reference would copy all outputs of the stack that
 * it names into this one's state.
 */
public final class HandoverStack {

    private HandoverStack() {}

    /**
     * @param token    empty while the shared stack is yet to make it; then only a preview makes sense
     * @param problems what was found before
     * @throws io.sharedinference.project.ConfigException before anything is exported, if there are problems
     */
    public static void deploy(Context ctx, HandoverConfig config, Optional<Token> token, Problems problems) {
        problems.throwIfAny(ctx.stackName());
        if (token.isEmpty()) {
            ctx.log()
                    .warn(
                            "%s",
                            "the token of the service user " + config.serviceUser()
                                    + " isn't there yet: the shared stack's pulumi up makes it, and has to go first");
        }
        SharedOutputs.handOver(ctx, config, Output.of(token.map(Token::reveal).orElse(Constants.UnknownValue)));
    }
}
