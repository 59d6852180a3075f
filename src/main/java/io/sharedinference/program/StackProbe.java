package io.sharedinference.program;

import com.pulumi.core.TypeShape;
import com.pulumi.core.annotations.Import;
import com.pulumi.deployment.Deployment;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.InvokeArgs;
import io.sharedinference.project.StackName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Reads other stacks with function calls. A StackReference to a missing stack ends the program at once with the engine's
 * message, while a failed call can be reported with the other problems.
 */
public final class StackProbe {

    /** Part of the engine's message for a missing stack. */
    static final String UNKNOWN = "unknown stack";

    private static final int TIMEOUT_SECONDS = 60;
    private static final String OUTPUTS = "pulumi:pulumi:readStackOutputs";
    private static final String RESOURCES = "pulumi:pulumi:readStackResourceOutputs";

    private StackProbe() {}

    /** Why the stack cannot be read; empty if it can. */
    static Optional<String> failure(StackName stack) {
        try {
            call(OUTPUTS, new Args(stack));
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).replaceFirst("^.*" + OUTPUTS + " returned an error: ", ""));
        }
    }

    /** Outputs of a stack; empty if it cannot be read. */
    static Map<?, ?> outputs(StackName stack) {
        try {
            return call(OUTPUTS, new Args(stack));
        } catch (IllegalStateException e) {
            return Map.of();
        }
    }

    /** Whether the stack has resources: false for a missing stack, true for one that cannot be read. */
    static boolean hasResources(StackName stack) {
        try {
            return !call(RESOURCES, new ResourceArgs(stack)).isEmpty();
        } catch (IllegalStateException e) {
            return !String.valueOf(e.getMessage()).contains(UNKNOWN);
        }
    }

    /** URNs of a stack's resources; empty if it cannot be read. */
    public static Set<String> urns(StackName stack) {
        try {
            return call(RESOURCES, new ResourceArgs(stack)).keySet().stream()
                    .map(String::valueOf)
                    .collect(Collectors.toSet());
        } catch (IllegalStateException e) {
            return Set.of();
        }
    }

    private static Map<?, ?> call(String function, InvokeArgs args) {
        var result = await(Deployment.getInstance()
                .invokeAsync(function, TypeShape.map(String.class, Object.class), args, InvokeOptions.Empty));
        return result.get("outputs") instanceof Map<?, ?> outputs ? outputs : Map.of();
    }

    /** @throws IllegalStateException if the engine reports an error or the backend does not respond */
    static <T> T await(Future<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElseGet(e::toString), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "cannot read the outputs of a stack: the backend did not respond within " + TIMEOUT_SECONDS
                            + " s.\nFix: check the backend with pulumi stack ls, then run the command again.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while waiting for the backend.\nFix: run the command again.", e);
        }
    }

    private static final class ResourceArgs extends InvokeArgs {

        @Import(name = "stackName", required = true)
        private final String stackName;

        private ResourceArgs(StackName stack) {
            this.stackName = stack.toString();
        }
    }

    private static final class Args extends InvokeArgs {

        @Import(name = "name", required = true)
        private final String name;

        private Args(StackName stack) {
            this.name = stack.toString();
        }
    }
}
