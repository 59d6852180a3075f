package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.test.Mocks;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.TestResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.LogManager;

/** An engine that writes down what a program declares, in order, and answers what it reads. */
public final class FakeEngine implements Mocks {

    private static final String STACK_REFERENCE = "pulumi:pulumi:StackReference";

    private final List<ResourceArgs> declared = new ArrayList<>();
    private final Map<String, Map<String, Object>> stacks = new HashMap<>();

    /** A stack of the same backend. Names of secret outputs begin with {@code token-}. */
    public FakeEngine stack(String name, Map<String, Object> outputs) {
        stacks.put(name, outputs);
        return this;
    }

    public TestResult run(boolean preview, Consumer<Context> program) {
        LogManager.getLogManager().reset(); // the SDK writes every expected error to stderr
        try {
            var options = TestOptions.builder()
                    .projectName("shared-inference")
                    .stackName("mine")
                    .preview(preview)
                    .build();
            return PulumiTest.withOptions(options).withMocks(this).runTest(program);
        } finally {
            PulumiTest.cleanup();
        }
    }

    public synchronized List<ResourceArgs> declared() {
        return List.copyOf(declared);
    }

    public List<String> types() {
        return declared().stream().map(resource -> resource.type).toList();
    }

    public ResourceArgs only(String type) {
        var found = declared().stream()
                .filter(resource -> resource.type.equals(type))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + type + " in " + types());
        }
        return found.get(0);
    }

    @Override
    public synchronized CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs resource) {
        declared.add(resource);
        return CompletableFuture.completedFuture(
                ResourceResult.of(Optional.of(resource.name + "-id"), state(resource)));
    }

    private Map<String, Object> state(ResourceArgs resource) {
        if (resource.type.equals(STACK_REFERENCE)) {
            return outputs(resource.id);
        }
        var state = new HashMap<>(resource.inputs);
        if (resource.type.equals("kubernetes:helm.sh/v3:Release")) {
            state.put("status", Map.of("namespace", resource.inputs.get("namespace"), "status", "deployed"));
        }
        return state;
    }

    @Override
    public CompletableFuture<Map<String, Object>> callAsync(CallArgs call) {
        var stack = (String) call.args.getOrDefault("name", call.args.get("stackName"));
        return stacks.containsKey(stack)
                ? CompletableFuture.completedFuture(outputs(stack))
                : CompletableFuture.failedFuture(new IllegalStateException(
                        "invocation of " + call.token + " returned an error: unknown stack \"" + stack + "\""));
    }

    private Map<String, Object> outputs(String stack) {
        var outputs = stacks.get(stack);
        return Map.of(
                "name",
                stack,
                "outputs",
                outputs,
                "secretOutputNames",
                outputs.keySet().stream()
                        .filter(name -> name.startsWith("token-"))
                        .toList());
    }
}
