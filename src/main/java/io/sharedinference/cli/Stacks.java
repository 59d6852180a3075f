package io.sharedinference.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.LocalPulumiCommand;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.StackNotFoundException;
import io.sharedinference.release.Token;
import io.sharedinference.shared.SharedOutputs;
import io.sharedinference.verify.Installation;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads stacks' config and outputs through the Automation API's command. Not through its workspace: selecting a stack
 * there changes the user's own selection, and reading outputs fails when one is a list, as the tenants are.
 */
final class Stacks {

    private static final String PROJECT = "shared-inference";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PulumiCommand pulumi;
    private final Path project;

    Stacks(PulumiCommand pulumi, Path project) {
        this.pulumi = pulumi;
        this.project = project;
    }

    /** A tenant's installation, to be called as a user, and the shared one, to be called as the tenant. */
    record Pair(Installation tenant, Installation shared) {}

    static Stacks in(Path project) {
        Path folder = project.toAbsolutePath().normalize();
        if (!Files.exists(folder.resolve("Pulumi.yaml"))) {
            throw new CommandException(folder + " has no Pulumi.yaml. Name the project's folder with --cwd DIR.");
        }
        try {
            return new Stacks(LocalPulumiCommand.create(), folder);
        } catch (AutomationException e) {
            throw new CommandException(
                    "the pulumi command doesn't work: " + e.getMessage()
                            + ". Install the Pulumi CLI and put it on PATH.",
                    e);
        }
    }

    Pair of(String stack, Token user) {
        JsonNode config = json(stack, List.of("config", "--json", "--stack", stack));
        String tenant = setting(config, stack, "tenant");
        String shared = setting(config, stack, "sharedStack");
        URI tenantUrl = url(stack, outputs(stack));
        JsonNode sharedOutputs = outputs(shared);
        Token service = Token.of(text(sharedOutputs.path(SharedOutputs.tokenOf(tenant)))
                .orElseThrow(() -> new CommandException("stack " + shared + " has no token for tenant " + tenant
                        + ". Add " + tenant + " to its " + PROJECT + ":tenants and run pulumi up -s " + shared + ".")));
        return new Pair(
                new Installation(stack, tenantUrl, user),
                new Installation(shared, url(shared, sharedOutputs), service));
    }

    private static String setting(JsonNode config, String stack, String key) {
        return text(config.path(PROJECT + ":" + key).path("value"))
                .orElseThrow(() -> new CommandException("stack " + stack
                        + " has no " + PROJECT + ":" + key
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

    private JsonNode outputs(String stack) {
        return json(stack, List.of("stack", "output", "--json", "--show-secrets", "--stack", stack));
    }

    private JsonNode json(String stack, List<String> command) {
        StringBuffer said = new StringBuffer();
        CommandRunOptions options = CommandRunOptions.builder()
                .workingDir(project)
                .onStandardError(line -> said.append(said.isEmpty() ? "" : " ").append(line.strip()))
                .build();
        try {
            return JSON.readTree(pulumi.run(command, options).standardOutput());
        } catch (StackNotFoundException e) {
            throw new CommandException(
                    "there is no stack " + stack + " in " + project + " with the present backend."
                            + " pulumi stack ls lists those there are; pulumi login changes the backend.",
                    e);
        } catch (AutomationException e) {
            throw new CommandException(
                    "reading stack " + stack + " failed: " + said + ". Look whether pulumi "
                            + String.join(" ", command).replace(" --show-secrets", "")
                            + " works: backend, login, passphrase.",
                    e);
        } catch (JsonProcessingException e) {
            // without the cause: it quotes what it couldn't read, and that may be a token
            throw new CommandException("pulumi answered no JSON for stack " + stack
                    + ". Look whether another pulumi is on PATH than the official one.");
        }
    }
}
