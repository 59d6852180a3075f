package io.sharedinference.proxy.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelLimitsTest {
    @Test
    void readsEveryLimitOfEachModel() {
        assertEquals(
                Map.of(
                        "a", new Quotas(new Quota(1, 3, 5), new Quota(2, 4, 6)),
                        "b/c", new Quotas(new Quota(0, 0, 7), Quota.NONE)),
                ModelLimits.parse("""
                    {"a":{"requests":1,"userRequests":2,"requestsPerMinute":3,"userRequestsPerMinute":4,
                    "tokensPerMinute":5,"userTokensPerMinute":6},"b/c":{"tokensPerMinute":7}}\
                    """));
        assertEquals(Map.of(), ModelLimits.parse(""));
        assertEquals(Map.of(), ModelLimits.parse("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{              | is not JSON",
                "{} {}          | is not JSON",
                "[]             | must be a JSON object of models",
                "{\"m\":1}      | must have an object of limits for m",
                "{\"m\":{\"tokens\":1}} | unknown key tokens for m",
                "{\"m\":{\"requests\":\"1\"}} | requests must be a whole number",
                "{\"m\":{\"requests\":1.5}} | requests must be a whole number",
                "{\"m\":{\"requests\":-1}} | requests must be a whole number",
                "{\"m\":{\"requests\":1e30}} | requests must be a whole number",
            })
    void reportsWhatIsWrong(String json, String problem) {
        String message = assertThrows(IllegalArgumentException.class, () -> ModelLimits.parse(json))
                .getMessage();
        assertTrue(message.contains(problem), message);
    }
}
