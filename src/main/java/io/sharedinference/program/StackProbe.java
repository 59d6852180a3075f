package io.sharedinference.program;

import com.pulumi.core.TypeShape;
import com.pulumi.core.annotations.Import;
import com.pulumi.deployment.Deployment;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.InvokeArgs;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a stack can be read at all. A StackReference to a stack that isn't there ends the program at once, with the
 * engine's words alone; the same question put as a function call fails so that it can be told with everything else.
 */
public final class StackProbe {

    /** In the engine's words on a stack that isn't there. */
    static final String UNKNOWN = "unknown stack";

    private static final String OUTPUTS = "pulumi:pulumi:readStackOutputs";
    private static final String RESOURCES = "pulumi:pulumi:readStackResourceOutputs";

    private StackProbe() {}

    /** Why the stack can't be read; empty when it can. */
    static Optional<String> missing(String stack) {
        try {
            ask(OUTPUTS, new Args(stack));
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).replaceFirst("^.*" + OUTPUTS + " returned an error: ", ""));
        }
    }

    /** A stack's outputs; none of one that can't be read. */
    static Map<?, ?> outputs(String stack) {
        try {
            return ask(OUTPUTS, new Args(stack)).get("outputs") instanceof Map<?, ?> outputs ? outputs : Map.of();
        } catch (IllegalStateException e) {
            return Map.of();
        }
    }

    /** Whether anything of the stack is deployed: not of one that isn't there, but perhaps of one that can't be read. */
    static boolean hasResources(String stack) {
        try {
            return ask(RESOURCES, new ResourceArgs(stack)).get("outputs") instanceof Map<?, ?> resources
                    && !resources.isEmpty();
        } catch (IllegalStateException e) {
            return !String.valueOf(e.getMessage()).contains(UNKNOWN);
        }
    }

    /** URNs of what a stack has deployed; none of one that can't be read. */
    public static Set<String> urns(String stack) {
        try {
            return ask(RESOURCES, new ResourceArgs(stack)).get("outputs") instanceof Map<?, ?> resources
                    ? resources.keySet().stream().map(String::valueOf).collect(Collectors.toSet())
                    : Set.of();
        } catch (IllegalStateException e) {
            return Set.of();
        }
    }

    private static Map<String, Object> ask(String function, InvokeArgs args) {
        return SharedAccess.await(Deployment.getInstance()
                .invokeAsync(function, TypeShape.map(String.class, Object.class), args, InvokeOptions.Empty));
    }

    private static final class ResourceArgs extends InvokeArgs {

        @Import(name = "stackName", required = true)
        private final String stackName;

        private ResourceArgs(String stackName) {
            this.stackName = stackName;
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
