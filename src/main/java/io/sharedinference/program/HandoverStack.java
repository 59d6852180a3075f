package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.core.internal.Constants;
import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.Problems;
import io.sharedinference.secrets.Token;
import java.util.Optional;

/**
 * The role {@code handover}: exports one token. Reads no other stack, since a reference would copy all its outputs into this
 * stack's state.
 */
public final class HandoverStack {

    private HandoverStack() {}

    /**
     * @param token    empty in a preview, if the shared stack has not created it yet
     * @param problems found so far
     * @throws io.sharedinference.project.ConfigException before any output is exported, if there are problems
     */
    public static void deploy(Context ctx, HandoverConfig config, Optional<Token> token, Problems problems) {
        problems.throwIfAny(ctx.stackName());
        if (token.isEmpty()) {
            ctx.log()
                    .warn(
                            "%s",
                            "the token of the service user " + config.serviceUser()
                                    + " does not exist yet: the shared stack creates it.\nFix: run pulumi up in the shared stack first.");
        }
        SharedOutputs.exportHandover(
                ctx, config, Output.of(token.map(Token::reveal).orElse(Constants.UnknownValue)));
    }
}
