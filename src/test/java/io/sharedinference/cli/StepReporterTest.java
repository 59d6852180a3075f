package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepReporterTest {

    private final StringWriter text = new StringWriter();

    @Test
    void printsOneLinePerStepToALog() {
        StepReporter steps = steps(Terminal.NONE, false);
        steps.step("up shared", listener -> {
            listener.accept("updating");
            return "3 models";
        });
        steps.end("blue", true, "blue is added.");
        assertTrue(text.toString().matches("ok +0[.,]\\d s  up shared: 3 models\\Rblue is added.\\R"), text.toString());
    }

    @Test
    void showsTheRunningStepOnATerminal() {
        steps(new Terminal(true, false, Terminal.UNLIMITED), false).step("up shared", listener -> {
            listener.accept("updating");
            return "";
        });
        assertTrue(text.toString().contains("\r\u001b[K\u001b[?7lup shared: updating\u001b[?7h"), text.toString());
        assertTrue(text.toString().contains("\r\u001b[K✓"), text.toString());
    }

    @Test
    void printsOneJsonObjectEvenIfAStepFails() {
        StepReporter steps = steps(Terminal.NONE, true);
        steps.step("one", listener -> "");
        var failure = assertThrows(
                StepException.class,
                () -> steps.step("two", listener -> {
                    throw new IllegalStateException("broken");
                }));
        var json = failure.report();
        assertEquals("broken", failure.failure().getMessage());
        assertEquals("", text.toString());
        assertEquals(true, json.at("/steps/0/passed").asBoolean());
        assertEquals(false, json.at("/steps/1/passed").asBoolean(true));
    }

    @Test
    void usesColoursOnTerminalsWithoutNoColor() {
        assertEquals(Terminal.NONE, Terminal.of(Map.of()));
        assertEquals(
                new Terminal(true, true, Terminal.UNLIMITED),
                Terminal.of(Map.of("TENANT_TERMINAL", "true", "NO_COLOR", "")));
        assertEquals(
                new Terminal(true, false, Terminal.UNLIMITED),
                Terminal.of(Map.of("TENANT_TERMINAL", "true", "NO_COLOR", "1")));
    }

    private StepReporter steps(Terminal terminal, boolean json) {
        return new StepReporter(new PrintWriter(text), terminal, json, new InterruptHandler());
    }
}
