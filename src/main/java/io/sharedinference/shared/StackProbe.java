package io.sharedinference.shared;

import com.pulumi.core.TypeShape;
import com.pulumi.core.annotations.Import;
import com.pulumi.deployment.Deployment;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.InvokeArgs;
import java.util.Optional;

/**
 * Whether a stack can be read at all. A StackReference to a stack that isn't there ends the program at once, with the
 * engine's words alone; the same question put as a function call fails so that it can be told with everything else.
 */
final class StackProbe {

    private static final String FUNCTION = "pulumi:pulumi:readStackOutputs";

    private StackProbe() {}

    /** Why the stack can't be read; empty when it can. */
    static Optional<String> missing(String stack) {
        try {
            SharedAccess.await(Deployment.getInstance()
                    .invokeAsync(
                            FUNCTION, TypeShape.map(String.class, Object.class), new Args(stack), InvokeOptions.Empty));
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).replaceFirst("^.*" + FUNCTION + " returned an error: ", ""));
        }
    }

    private static final class Args extends InvokeArgs {

        @Import(name = "name", required = true)
        private final String name;

        private Args(String name) {
            this.name = name;
        }
    }
}
