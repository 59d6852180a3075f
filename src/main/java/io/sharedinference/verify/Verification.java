package io.sharedinference.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.secrets.Token;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Finds out whether a tenant's user gets answers from the shared inference, and if not, at which hop it ends and what to
 * do. Without a user's token as far as that goes: the IAM has to answer that it doesn't know a token. Only reads. For one
 * run.
 */
public final class Verification {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Installation tenant;
    private final boolean asUser;
    private final Http http;
    private final SharedProbe shared;
    private final ProxyErrors proxyErrors;
    private final Consumer<Step> listener;
    private final List<Step> steps = new ArrayList<>();
    private long mark;

    Verification(Installation tenant, boolean asUser, Installation shared, Http http, Consumer<Step> listener) {
        this.tenant = tenant;
        this.asUser = asUser;
        this.http = http;
        this.shared = new SharedProbe(http, shared, tenant.stack());
        this.proxyErrors = new ProxyErrors(tenant, this.shared);
        this.listener = listener;
    }

    /**
     * @param cas      CA certificates to trust besides the JDK's, in PEM
     * @param listener is told each step as it ends
     * @throws VerificationException if {@code cas} can't be read
     */
    public static Report run(Installation tenant, Installation shared, Optional<Path> cas, Consumer<Step> listener) {
        return new Verification(tenant, true, shared, new Http(PATIENCE, cas), listener).run();
    }

    /** The same without a user. @param stack the tenant's, at {@code url} */
    public static Report probe(
            String stack, URI url, Installation shared, Optional<Path> cas, Consumer<Step> listener) {
        var nobody = new Installation(stack, url, Token.of("nobody-" + UUID.randomUUID()));
        return new Verification(nobody, false, shared, new Http(PATIENCE, cas), listener).run();
    }

    Report run() {
        mark = System.nanoTime();
        try {
            reachProxy();
            if (asUser) {
                JsonNode seen = modelsThroughProxy();
                compare(seen, modelsOfShared());
            } else {
                requireIam();
                modelsOfShared();
            }
        } catch (HopFailure e) {
            add(new Step.Failed(e.hop(), e.getMessage(), e.remedy(), sinceMark()));
        }
        return new Report(steps);
    }

    private void reachProxy() throws HopFailure {
        Phases phases = new Phases();
        Answer answer;
        try {
            answer = http.get(tenant, "version", Optional.empty(), phases);
        } finally {
            phases.passed().forEach(this::add);
        }
        pass(Hop.PROXY, "version " + requireVersion(answer));
    }

    private String requireVersion(Answer answer) throws HopFailure {
        if (answer.version().isEmpty()) {
            requireNoErrorOfProxy(answer);
            // the proxy hands on what the shared URL answers, so a wrong one there shows here first
            shared.requireVersion();
        }
        return answer.version()
                .orElseThrow(() -> new HopFailure(
                        Hop.PROXY,
                        "GET /version at " + tenant.url() + " should answer a semantic version and answered "
                                + answer.summary(),
                        "Look whether inferenceApiUrl of stack " + tenant.stack()
                                + " is right and whether its ingress leads to the" + " inference-api-proxy."));
    }

    private void requireIam() throws HopFailure {
        Answer answer = modelSettings();
        if (answer.proxyCode()
                .filter(code -> !code.equals(ProxyErrors.UNAUTHENTICATED))
                .isPresent()) {
            throw proxyErrors.explain(answer.proxyCode().get(), answer);
        }
        if (answer.status() != 401) {
            throw new HopFailure(
                    Hop.TENANT_IAM,
                    "a token that nobody has isn't refused: GET /model-settings answered " + answer.summary(),
                    "Look whether inferenceApiUrl of stack " + tenant.stack() + " leads to the inference-api-proxy, and"
                            + " iamUrl to the tenant's own IAM.");
        }
        pass(Hop.TENANT_IAM, "it answers, and refuses a token that nobody has");
    }

    private JsonNode modelsThroughProxy() throws HopFailure {
        Answer answer = modelSettings();
        requireNoErrorOfProxy(answer);
        pass(Hop.TENANT_IAM, "the user's token is accepted");
        if (answer.refused()) {
            throw serviceTokenRefused(answer);
        }
        if (answer.models().isEmpty()) {
            shared.requireVersion();
        }
        JsonNode models = answer.models()
                .orElseThrow(() -> new HopFailure(
                        Hop.SHARED_API,
                        "GET /model-settings through the proxy answered " + answer.summary(),
                        "Look at the logs of the shared installation's inference."));
        pass(Hop.SHARED_API, count(models));
        return models;
    }

    private JsonNode modelsOfShared() throws HopFailure {
        pass(Hop.SHARED_URL, "version " + shared.requireVersion());
        JsonNode models = shared.requireModels();
        pass(Hop.SHARED_TOKEN, "the shared installation accepts it");
        return models;
    }

    private void compare(JsonNode seen, JsonNode there) throws HopFailure {
        if (!Models.differences(seen, there).isEmpty()) {
            // a model may have changed its status between the calls: once more, one right after the other
            JsonNode again = modelSettings().models().orElse(seen);
            List<String> differences = Models.differences(again, shared.requireModels());
            if (!differences.isEmpty()) {
                throw new HopFailure(
                        Hop.MODELS,
                        "the models aren't those of the shared installation: " + String.join("; ", differences),
                        "Look whether the proxy leads to another installation: run pulumi up --refresh -s "
                                + tenant.stack() + ".");
            }
        }
        pass(Hop.MODELS, count(seen) + ", the same at both");
    }

    private Answer modelSettings() throws HopFailure {
        return http.get(tenant, "model-settings", Optional.of(tenant.token()), new Phases());
    }

    private void requireNoErrorOfProxy(Answer answer) throws HopFailure {
        if (answer.proxyCode().isPresent()) {
            throw proxyErrors.explain(answer.proxyCode().get(), answer);
        }
    }

    private HopFailure serviceTokenRefused(Answer answer) throws HopFailure {
        shared.requireVersion();
        shared.requireModels();
        return new HopFailure(
                Hop.SHARED_TOKEN,
                "the shared installation refuses the token that the proxy sends (" + answer.summary()
                        + "), though it accepts the one in the stack's outputs",
                "Run pulumi up --refresh -s " + tenant.stack() + ": the proxy has another token than the stack.");
    }

    private static String count(JsonNode models) {
        return models.size() == 1 ? "1 model" : models.size() + " models";
    }

    private void pass(Hop hop, String detail) {
        add(new Step.Passed(hop, detail, sinceMark()));
        mark = System.nanoTime();
    }

    private void add(Step step) {
        steps.add(step);
        listener.accept(step);
    }

    private Duration sinceMark() {
        return Duration.ofNanos(System.nanoTime() - mark);
    }
}
