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
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogTest {
    @Test
    void everyLineIsValidJson() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String nasty = "quote\" backslash\\ line\nbreak\r tab\t nul\u0000 umlaut\u00fc";
        try (Log log = new Log(out)) {
            log.warn("e").field("text", nasty).field("number", 7).write();
        }
        String line = out.toString(StandardCharsets.UTF_8);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        JsonNode json = new JsonMapper().readTree(line);
        assertEquals(nasty, json.path("text").asText());
        assertEquals(7, json.path("number").asInt());
        assertEquals("warn", json.path("level").asText());
        assertEquals("e", json.path("event").asText());
    }

    @Test
    void memoryIsBoundedWhileTheReaderIsBlocked() throws InterruptedException {
        CountDownLatch resume = new CountDownLatch(1);
        AtomicLong written = new AtomicLong();
        try (Log log = new Log(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("lines are written in batches");
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                written.addAndGet(count);
                try {
                    resume.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        })) {
            String large = "x".repeat(60_000);
            for (int i = 0; i < 1_000; i++) {
                log.info("e").field("large", large).write();
            }
            resume.countDown();
        }
        long most = Runtime.getRuntime().maxMemory() / 16;
        assertTrue(written.get() < most, written + " bytes of 60 MB were queued");
    }

    @Test
    void aBlockedReaderBlocksNoWriterAndDroppedLinesAreCounted() throws InterruptedException {
        CountDownLatch resume = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Log log = new Log(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("lines are written in batches");
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
        })) {
            for (int i = 0; i < 40_000; i++) {
                log.info("e").write();
            }
            resume.countDown();
        }
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("log lines dropped"));
    }
}
