package io.sharedinference.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.core.internal.Internal;
import com.pulumi.test.PulumiTest;
import io.sharedinference.config.ConfigFixtures;
import io.sharedinference.config.Problem;
import io.sharedinference.config.Problems;
import io.sharedinference.release.FakeEngine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandoverStackTest {

    private final Map<String, String> keys = ConfigFixtures.handover();
    private final Problems problems = new Problems();
    private final FakeEngine engine = new FakeEngine()
            .secret("pharia-ai-shared/pharia-iam-service-user-blue", Map.of("token", "aHVzaC1odXNo"))
            .secret("pharia-ai-shared/pharia-iam-service-user-blue-2", Map.of("token", "bmV3ZXI="));

    @Test
    void readsOneSecretAndNoStack() {
        run().throwOnError();
        assertEquals(List.of("pulumi:providers:kubernetes", "kubernetes:core/v1:Secret"), engine.types());
        assertEquals("pharia-ai-shared/pharia-iam-service-user-blue", engine.only("kubernetes:core/v1:Secret").id);
    }

    @Test
    void exportsWhatATenantReadsOfTheSharedStack() {
        var result = run().throwOnError();
        assertEquals(Set.of("inferenceApiUrl", "token-blue"), result.outputs().keySet());
        assertEquals(
                "https://inference-api.shared.example.com", PulumiTest.extractValue(result.output("inferenceApiUrl")));
        assertEquals("hush-hush", PulumiTest.extractValue(result.output("token-blue")));
        assertTrue(Internal.of(result.outputs().get("token-blue")).isSecret().join());
    }

    @Test
    void theApisCaIsHandedOverToo() {
        keys.put("inferenceApiCa", ConfigFixtures.CA);
        assertEquals(
                ConfigFixtures.CA, PulumiTest.extractValue(run().throwOnError().output("inferenceApiCa")));
    }

    @Test
    void afterARotationTheSuccessorsTokenHasTheSameOutput() {
        keys.put("serviceUser", "blue-2");
        assertEquals("newer", PulumiTest.extractValue(run().throwOnError().output("token-blue")));
    }

    @Test
    void withProblemsNothingIsRead() {
        problems.add(new Problem("something", "was wrong before", "nothing"));
        assertTrue(run().exceptions().toString().contains("was wrong before"));
        assertEquals(List.of(), engine.types());
    }

    private com.pulumi.test.TestResult run() {
        return engine.run(false, ctx -> HandoverStack.deploy(ctx, ConfigFixtures.handoverConfig(keys), true, problems));
    }
}
