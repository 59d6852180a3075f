package io.sharedinference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.program.SharedOutputs;
import io.sharedinference.project.Key;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.secrets.Token;
import io.sharedinference.verify.ApiEndpoint;
import java.net.URI;
import java.util.Optional;

/** Reads the API endpoints of a tenant and its shared stack from the stacks' configuration and outputs. */
record Stacks(Engine engine) {

    /** URL of the tenant's API, and the shared API with the tenant's token. */
    record Endpoints(URI tenant, ApiEndpoint shared) {}

    Endpoints of(String stack) {
        JsonNode config = engine.config(stack);
        String tenant = setting(config, stack, Key.TENANT);
        String shared = setting(config, stack, Key.SHARED_STACK);
        URI tenantUrl = url(stack, engine.outputs(stack));
        JsonNode sharedOutputs = engine.outputs(shared);
        Token service = Token.of(text(sharedOutputs.path(SharedOutputs.tokenOutput(tenant)))
                .orElseThrow(() -> new CommandException("stack " + shared + " exports no token for tenant " + tenant
                        + ".\nFix: add " + tenant + " to its " + Key.TENANTS.of(engine.name(shared))
                        + ", then run pulumi up -s " + shared + ".")));
        return new Endpoints(
                tenantUrl,
                new ApiEndpoint(
                        shared,
                        url(shared, sharedOutputs),
                        service,
                        text(sharedOutputs.path(SharedOutputs.INFERENCE_API_CA))));
    }

    private String setting(JsonNode config, String stack, Key key) {
        var full = key.of(engine.name(stack));
        return text(config.path(full).path("value"))
                .orElseThrow(() -> new CommandException("stack " + stack + " is not a tenant: it has no " + full
                        + ".\nFix: name the stack of a tenant; ./tenant list shows them."));
    }

    private static URI url(String stack, JsonNode outputs) {
        return URI.create(text(outputs.path(SharedOutputs.INFERENCE_API_URL))
                .orElseThrow(() -> new CommandException("stack " + stack + " is not deployed: it has no output "
                        + SharedOutputs.INFERENCE_API_URL + ".\nFix: run pulumi up -s "
                        + stack + ".")));
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText()).filter(text -> node.isTextual() && !text.isBlank());
    }
}
