package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes are forwarded as they arrive, in both directions, with bounded buffers. */
@Tag("slow")
@ExtendWith(SharedProxy.class)
class StreamingTest {
    private static final int MEBIBYTE = 1024 * 1024;

    private final ProxyFixture fixture;

    StreamingTest(ProxyFixture fixture) {
        this.fixture = fixture;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Transfer-Encoding: chunked | -                   | true",
                "Transfer-Encoding: chunked | 9;data: 1%n%n;      | true",
                "Transfer-Encoding: chunked | 8;data: 1%n;        | true",
                "Transfer-Encoding: chunked | 7;data: 1;          | false",
                "Transfer-Encoding: chunked | 8;data: 1%r;        | false",
                "Transfer-Encoding: chunked | 9;data: 1%n         | false",
                "X: until the end           | data: 1%n%n         | true",
                "X: until the end           | data: 1             | false",
                "Content-Length: 99         | data: 1%n%n         | false",
                "Content-Encoding: gzip     | data: 1%n%n         | false",
            })
    void idleEventStreamsGetCommentsWhereAllowed(String framing, String sent, boolean comments) throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        String body =
                sent.replace("-", "").replace(";", "\r\n").replace("%n", "\n").replace("%r", "\r");
        try (ProxyFixture custom = ProxyFixture.start("EVENT_KEEP_ALIVE", "100ms");
                RawClient client = custom.client()) {
            custom.origin.on("/events", call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + framing + "\r\n\r\n" + body);
                finished.await();
            });
            client.send(RawClient.crlf(
                    "GET /events HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n"));
            client.readUntil("\r\n\r\n" + body);
            String comment = framing.contains("chunked") ? "2\r\n:\n\r\n" : ":\n";
            if (comments) {
                assertEquals(comment + comment, client.readUntil(comment) + client.readUntil(comment));
            } else {
                client.socket().setSoTimeout(500);
                assertThrows(SocketTimeoutException.class, () -> client.read(new byte[1]));
            }
            finished.countDown();
        }
    }

    @Test
    void eachEventArrivesBeforeTheNextIsSent() throws Exception {
        CountDownLatch[] seen = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
        fixture.origin.on("/events", call -> {
            call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < seen.length; i++) {
                call.sendChunk("data: " + i + "\n\n");
                assertTrue(seen[i].await(10, TimeUnit.SECONDS), "event " + i + " is delayed");
            }
            call.send("0\r\n\r\n");
        });
        try (RawClient client = fixture.client()) {
            client.send(request("POST /events", "Content-Length: 2") + "{}");
            for (int i = 0; i < seen.length; i++) {
                client.readUntil("data: " + i + "\n\n");
                seen[i].countDown();
            }
            client.readUntil("0\r\n\r\n");
        }
    }

    @Test
    void theHeaderSectionArrivesBeforeTheBodyBegins() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        fixture.origin.on("/head-first", call -> {
            call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            assertTrue(seen.await(10, TimeUnit.SECONDS), "the header section is delayed");
            call.send("ok");
        });
        try (RawClient client = fixture.client()) {
            client.send(request("GET /head-first", "X: y")).readUntil("\r\n\r\n");
            seen.countDown();
            client.readUntil("ok");
        }
    }

    @Test
    void anUploadIsForwardedWhileItIsSent() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        fixture.origin.on("/slow-upload", call -> {
            call.in().readNBytes(4);
            seen.countDown();
            call.in().readNBytes(4);
            call.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (RawClient client = fixture.client()) {
            client.send(request("POST /slow-upload", "Content-Length: 8") + "half");
            assertTrue(seen.await(10, TimeUnit.SECONDS), "the first half is delayed");
            assertEquals(200, client.send("half").response().status());
        }
    }

    @Test
    void aResponseMayBeginBeforeTheRequestEnds() throws Exception {
        fixture.origin.on("/duplex", call -> {
            call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                call.sendChunk(new String(call.in().readNBytes(1)));
            }
            call.send("0\r\n\r\n");
        });
        try (RawClient client = fixture.client()) {
            client.send(request("POST /duplex", "Content-Length: 3")).readUntil("\r\n\r\n");
            for (String letter : new String[] {"a", "b", "c"}) {
                assertEquals("1\r\n" + letter + "\r\n", client.send(letter).readUntil(letter + "\r\n"));
            }
            client.readUntil("0\r\n\r\n");
        }
    }

    @Test
    void largeBodiesAreStreamedBothWays() throws Exception {
        int size = 128 * MEBIBYTE;
        fixture.origin.on("/large", call -> {
            long count = drain(call.in(), size);
            call.send("HTTP/1.1 200 OK\r\nContent-Length: " + count + "\r\n\r\n");
            fill(call.socket().getOutputStream(), count);
        });
        long before = used();
        try (RawClient client = fixture.client()) {
            client.send(request("PUT /large", "Content-Length: " + size));
            Thread.ofVirtual().start(() -> {
                try {
                    fill(client.socket().getOutputStream(), size);
                } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            client.readUntil("\r\n\r\n");
            long received = 0;
            byte[] buffer = new byte[MEBIBYTE];
            while (received < size) {
                received += client.read(buffer);
            }
            assertEquals(size, received);
        }
        assertTrue(used() - before < 32L * MEBIBYTE, "grew by " + (used() - before) / MEBIBYTE + " MiB");
    }

    @Test
    void aClientThatDoesNotReadSlowsDownTheSharedApi() throws Exception {
        AtomicLong sent = new AtomicLong();
        fixture.origin.on("/flood", call -> {
            call.send("HTTP/1.1 200 OK\r\n\r\n");
            flood(call.socket().getOutputStream(), sent);
        });
        try (RawClient client = fixture.client()) {
            client.send(request("GET /flood", "X: y")).readUntil("\r\n\r\n");
            assertStalls(sent);
        }
    }

    @Test
    void aSharedApiThatDoesNotReadStopsTheClient() throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        fixture.origin.on("/deaf", call -> finished.await());
        AtomicLong sent = new AtomicLong();
        try (RawClient client = fixture.client()) {
            client.send(request("POST /deaf", "Content-Length: 1000000000"));
            Thread.ofVirtual().start(() -> {
                try {
                    flood(client.socket().getOutputStream(), sent);
                } catch (java.io.IOException e) {
                    // the test is over
                }
            });
            assertStalls(sent);
        }
        finished.countDown();
    }

    @Test
    void bodyBytesBeforeTheDecisionAreBoundedAndForwarded() throws Exception {
        CountDownLatch decide = new CountDownLatch(1);
        fixture.iam.on(
                "slow-iam",
                new FakeIam.CheckUserResponse(200, "{\"sub\":\"s\",\"permissions\":[]}", () -> await(decide)));
        int size = 8 * MEBIBYTE;
        fixture.origin.on("/late", call -> {
            long count = drain(call.in(), size);
            call.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Count: " + count + "\r\n\r\n");
        });
        AtomicLong sent = new AtomicLong();
        try (RawClient client = fixture.client()) {
            client.send(crlf(
                    "PUT /late HTTP/1.1\nHost: t\nAuthorization: Bearer slow-iam\nContent-Length: " + size + "\n\n"));
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    OutputStream out = client.socket().getOutputStream();
                    for (int i = 0; i < size / 1024; i++) {
                        out.write(new byte[1024]);
                        sent.addAndGet(1024);
                    }
                } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertStalls(sent);
            decide.countDown();
            assertEquals(
                    String.valueOf(size), client.response().header("X-Count").orElse(""));
            sender.join();
        }
    }

    @Test
    void aLargePipelinedBodyIsForwardedAfterThePreviousResponse() throws Exception {
        CountDownLatch allSent = new CountDownLatch(1);
        fixture.origin.on("/ahead", call -> {
            await(allSent);
            call.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        String body = "x".repeat(40_000);
        try (RawClient client = fixture.client()) {
            client.send(request("GET /ahead", "X: y") + request("POST /behind", "Content-Length: 40000") + body);
            // each event loop reads the body before it serves a later connection
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                assertEquals(200, fixture.get("/x").status());
            }
            allSent.countDown();
            assertEquals(200, client.response().status());
            assertTrue(client.response().body().endsWith(body));
        }
    }

    @Test
    void aPipeliningClientThatDoesNotReadIsNotRead() throws Exception {
        AtomicLong requested = new AtomicLong();
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + "x".repeat(30_000);
        fixture.origin.on("/many", call -> {
            requested.addAndGet(30_000);
            call.send(response);
        });
        try (RawClient client = fixture.client()) {
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        client.send(request("GET /many", "X: y").repeat(200));
                    }
                } catch (java.io.IOException e) {
                    // the test is over
                }
            });
            assertStalls(requested);
            long before = requested.get() / 30_000;
            for (int i = 0; i < before + 100; i++) {
                assertEquals(200, client.response().status(), "the connection does not continue when the client reads");
            }
        }
    }

    /** Memory in use after a garbage collection: heap and Netty's direct memory. */
    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory()
                - Runtime.getRuntime().freeMemory()
                + io.netty.util.internal.PlatformDependent.usedDirectMemory();
    }

    /** Bytes flow until all buffers are full, which are far smaller than the data. */
    static void assertStalls(AtomicLong sent) throws InterruptedException {
        long last;
        do {
            last = sent.get();
            Thread.sleep(500);
        } while (last == 0 || sent.get() != last);
        assertTrue(last < 32L * MEBIBYTE, last + " bytes were accepted");
        assertFalse(last == 0);
    }

    private static void flood(OutputStream out, AtomicLong sent) throws java.io.IOException {
        byte[] block = new byte[16 * 1024];
        while (sent.get() < 4096L * MEBIBYTE) {
            out.write(block);
            sent.addAndGet(block.length);
        }
    }

    private static long drain(InputStream in, long size) throws java.io.IOException {
        byte[] buffer = new byte[MEBIBYTE];
        long count = 0;
        while (count < size) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, size - count));
            if (read < 0) {
                return count;
            }
            count += read;
        }
        return count;
    }

    private static void fill(OutputStream out, long size) throws java.io.IOException {
        byte[] block = new byte[MEBIBYTE];
        for (long left = size; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(block.length, left));
        }
        out.flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String request(String start, String line) {
        return crlf(start + " HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n" + line + "\n\n");
    }
}
