package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownNamesTest {

    private static final KnownNames NAMES =
            new KnownNames(List.of("shared", "tenant1", "tenant2", "blue"), "there is no %s");

    @Test
    void acceptsAKnownName() {
        assertEquals("blue", NAMES.require("blue"));
    }

    @ParameterizedTest
    @CsvSource({
        "tenat1, did you mean tenant1 or tenant2?",
        "tenant, did you mean tenant1 or tenant2?",
        "bleu,   did you mean blue?",
        "Shared, did you mean shared?",
        "x,      'use one of: blue, shared, tenant1, tenant2.'",
    })
    void suggestsSimilarNames(String name, String remedy) {
        var refused = assertThrows(CommandException.class, () -> NAMES.require(name));
        assertEquals("there is no " + name + ".\nFix: " + remedy, refused.getMessage());
    }
}
