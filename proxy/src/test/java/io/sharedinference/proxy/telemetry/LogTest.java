package io.sharedinference.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LogTest {
    /** An output whose reader blocks until the latch opens. */
    private static final class BlockedOutput extends OutputStream {
        private final CountDownLatch resume;
        private final ByteArrayOutputStream out;

        BlockedOutput(CountDownLatch resume, ByteArrayOutputStream out) {
            this.resume = resume;
            this.out = out;
        }

        @Override
        public void write(int b) {
            throw new AssertionError("lines are not written in batches");
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            try {
                resume.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            out.write(bytes, from, count);
        }
    }

    @Test
    void everyLineIsValidJson() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String value = "quote\" backslash\\ line\nbreak\r tab\t nul\u0000 umlaut\u00fc";
        try (Log log = new Log(out)) {
            log.warn("e").field("text", value).field("number", 7).write();
        }
        String line = out.toString(StandardCharsets.UTF_8);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        JsonNode json = new JsonMapper().readTree(line);
        assertEquals(value, json.path("text").asText());
        assertEquals(7, json.path("number").asInt());
        assertEquals("warn", json.path("level").asText());
        assertEquals("e", json.path("event").asText());
    }

    @Test
    void memoryIsBoundedWhileTheReaderIsBlocked() throws InterruptedException {
        CountDownLatch resume = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Log log = new Log(new BlockedOutput(resume, out))) {
            String large = "x".repeat(60_000);
            for (int i = 0; i < 1_000; i++) {
                log.info("e").field("large", large).write();
            }
            resume.countDown();
        }
        long limit = Runtime.getRuntime().maxMemory() / 16;
        assertTrue(out.size() < limit, out.size() + " bytes of 60 MB were queued");
    }

    @Test
    void aBlockedReaderBlocksNoWriterAndDroppedLinesAreCounted() throws InterruptedException {
        CountDownLatch resume = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Log log = new Log(new BlockedOutput(resume, out))) {
            for (int i = 0; i < 40_000; i++) {
                log.info("e").write();
            }
            resume.countDown();
        }
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("log lines dropped"));
    }
}
