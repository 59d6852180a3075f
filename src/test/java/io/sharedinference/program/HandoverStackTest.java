package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.core.internal.Constants;
import com.pulumi.core.internal.Internal;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestResult;
import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.secrets.Token;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandoverStackTest {

    private final Map<String, String> keys = ConfigFixtures.handover();
    private final Problems problems = new Problems();
    private final FakeEngine engine = new FakeEngine();

    @Test
    void declaresNoResources() {
        run().throwOnError();
        assertEquals(List.of(), engine.types());
    }

    @Test
    void exportsOutputsThatTenantReads() {
        var result = run().throwOnError();
        assertEquals(Set.of("inferenceApiUrl", "token-blue"), result.outputs().keySet());
        assertEquals(
                "https://inference-api.shared.example.com", PulumiTest.extractValue(result.output("inferenceApiUrl")));
        assertEquals("hush-hush", PulumiTest.extractValue(result.output("token-blue")));
        assertTrue(Internal.of(result.outputs().get("token-blue")).isSecret().join());
    }

    @Test
    void exportsCa() {
        keys.put("inferenceApiCa", ConfigFixtures.CA);
        assertEquals(
                ConfigFixtures.CA, PulumiTest.extractValue(run().throwOnError().output("inferenceApiCa")));
    }

    @Test
    void exportsMissingTokenAsUnknown() {
        var result = run(true, Optional.empty()).throwOnError();
        assertEquals(Constants.UnknownValue, PulumiTest.extractValue(result.output("token-blue")));
    }

    @Test
    void exportsNothingWithProblems() {
        problems.add(new Problem("something", "was wrong before", "nothing"));
        assertTrue(run().exceptions().toString().contains("was wrong before"));
        assertEquals(List.of(), engine.types());
    }

    private TestResult run() {
        return run(false, Optional.of(Token.of("hush-hush")));
    }

    private TestResult run(boolean preview, Optional<Token> token) {
        return engine.run(
                preview, ctx -> HandoverStack.deploy(ctx, ConfigFixtures.handoverConfig(keys), token, problems));
    }
}
