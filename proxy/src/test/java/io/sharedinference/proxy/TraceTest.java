package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces are forwarded, or started by the proxy. */
class TraceTest {
    private static final Pattern STARTED = Pattern.compile("traceparent: 00-([0-9a-f]{32})-[0-9a-f]{16}-(\\d\\d)\r\n");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TraceParent:  00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "traceparent: cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-what-comes-later",
            })
    void aClientsTraceIsForwardedUnchanged(String line) throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("START_TRACES", "sampled")) {
            String seen = get(fixture, line + "\nTraceState: vendor=1\n");
            assertTrue(seen.contains("\r\nTraceState: vendor=1\r\n"), seen);
            assertTrue(seen.contains("\r\n" + line + "\r\n"), seen);
            assertFalse(STARTED.matcher(seen.replace(line, "")).find(), seen);
            assertEquals(
                    "4bf92f3577b34da6a3ce929d0e0e4736",
                    fixture.loggedRequest().path("trace_id").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "traceparent: \n",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more\n",
                "traceparent: ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
                "traceparent: 00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01\n",
                "traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01\n",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01\n",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\n",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
                        + "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
            })
    void withoutAValidTraceparentATraceIsStarted(String lines) throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("START_TRACES", "sampled")) {
            String seen = get(fixture, "tracestate: vendor=1\n" + lines + "TraceState: vendor=2\n");
            assertFalse(seen.contains("vendor"), "it contains another trace: " + seen);
            Matcher started = STARTED.matcher(seen);
            assertTrue(started.find(), seen);
            assertEquals("01", started.group(2));
            assertEquals(
                    started.group(1), fixture.loggedRequest().path("trace_id").asText());
            assertEquals(1, seen.toLowerCase().split("traceparent", -1).length - 1, seen);
        }
    }

    @Test
    void byDefaultNoTraceIsStarted() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            assertFalse(get(fixture, "").contains("traceparent"));
            assertTrue(get(fixture, "tracestate: a=1\n").contains("\r\ntracestate: a=1\r\n"));
        }
    }

    @Test
    void theSampledFlagIsConfigurable() throws Exception {
        try (ProxyFixture unsampled = ProxyFixture.start("START_TRACES", "unsampled");
                ProxyFixture never = ProxyFixture.start("START_TRACES", "never")) {
            Matcher started = STARTED.matcher(get(unsampled, ""));
            assertTrue(started.find());
            assertEquals("00", started.group(2));
            assertFalse(get(never, "").contains("traceparent"));
            assertTrue(get(never, "traceparent: nonsense\ntracestate: a=1\n")
                    .contains("traceparent: nonsense\r\ntracestate: a=1\r\n"));
        }
    }

    private static String get(ProxyFixture fixture, String lines) throws Exception {
        return fixture.exchange("GET /x HTTP/1.1\nHost: t\n" + lines + "Authorization: Bearer TOKEN\n\n")
                .body();
    }
}
