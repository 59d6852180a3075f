package io.sharedinference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.program.SharedOutputs;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.secrets.Token;
import io.sharedinference.verify.ApiEndpoint;
import java.net.URI;
import java.util.Optional;

/** Reads from a tenant's stack, and from the one that it names, what a verification needs. */
record Stacks(Engine engine) {

    /** @param tenant the tenant's API @param shared the shared installation, to be called as the tenant */
    record Pair(URI tenant, ApiEndpoint shared) {}

    Pair of(String stack) {
        JsonNode config = engine.config(stack);
        String tenant = setting(config, stack, "tenant");
        String shared = setting(config, stack, "sharedStack");
        URI tenantUrl = url(stack, engine.outputs(stack));
        JsonNode sharedOutputs = engine.outputs(shared);
        Token service = Token.of(text(sharedOutputs.path(SharedOutputs.tokenOutput(tenant)))
                .orElseThrow(() -> new CommandException(
                        "stack " + shared + " has no token for tenant " + tenant + ". Add " + tenant + " to its "
                                + Engine.PROJECT + ":tenants and run pulumi up -s " + shared + ".")));
        return new Pair(
                tenantUrl,
                new ApiEndpoint(
                        shared,
                        url(shared, sharedOutputs),
                        service,
                        text(sharedOutputs.path(SharedOutputs.INFERENCE_API_CA))));
    }

    private static String setting(JsonNode config, String stack, String key) {
        return text(config.path(Engine.PROJECT + ":" + key).path("value"))
                .orElseThrow(() -> new CommandException("stack " + stack
                        + " has no " + Engine.PROJECT + ":" + key
                        + " in its config, so it is no tenant's stack. The command is"
                        + " tenant verify NAME with the stack of a tenant, whose role is tenant."));
    }

    private static URI url(String stack, JsonNode outputs) {
        return URI.create(text(outputs.path(SharedOutputs.INFERENCE_API_URL))
                .orElseThrow(() -> new CommandException("stack " + stack
                        + " isn't deployed: it has no output inferenceApiUrl. Run pulumi up -s " + stack + ".")));
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText()).filter(text -> node.isTextual() && !text.isBlank());
    }
}
