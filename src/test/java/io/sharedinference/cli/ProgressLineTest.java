package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {

    @ParameterizedTest
    @CsvSource(
            value = {
                "true  | <tenants checked: 0 of 2<tenants checked: 1 of 2<tenants checked: 2 of 2<",
                "false | ''",
            },
            delimiter = '|')
    void showsTheCountOnATerminalAndClearsItAtTheEnd(boolean terminal, String shown) {
        var text = new StringWriter();
        try (var line = ProgressLine.of(new PrintWriter(text), terminal, 2, "tenants checked")) {
            line.accept(1);
            line.accept(2);
        }
        assertEquals(shown, text.toString().replace("\r\u001b[K", "<"));
    }
}
