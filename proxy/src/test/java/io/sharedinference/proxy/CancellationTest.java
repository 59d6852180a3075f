package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that goes away costs the shared API nothing more, whatever it was waiting for. */
@ExtendWith(SharedProxy.class)
class CancellationTest {
    private final ProxyFixture fixture;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);

    CancellationTest(ProxyFixture fixture) {
        this.fixture = fixture;
    }

    @Test
    void whileReadingFromTheClientIsPaused() throws Exception {
        try (ProxyFixture small = ProxyFixture.start("MAX_HEAD", "1024");
                RawClient client = small.client()) {
            small.origin.on("/x", call -> {
                reached.countDown();
                call.awaitClosed();
                cancelled.countDown();
            });
            client.send(crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n"));
            await(reached);
            // more than waits for the next request, so that its end stays behind it, unread
            client.send("x".repeat(40_000));
            client.socket().close();
            assertTrue(cancelled.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void nothingIsForwardedWhileTheIamDecides() throws Exception {
        CountDownLatch decide = new CountDownLatch(1);
        fixture.iam.says("thinking", new FakeIam.Saying(200, "{\"sub\":\"s\",\"permissions\":[]}", () -> {
            reached.countDown();
            await(decide);
        }));
        try (RawClient client = fixture.client()) {
            client.send(crlf("GET /never HTTP/1.1\nHost: t\nAuthorization: Bearer thinking\n\n"));
            await(reached);
        }
        ProxyFixture.eventually(() -> fixture.logged().contains("\"path\":\"/never\",\"status\":499"));
        decide.countDown();
        // the same user's next request shows that the decision has been dealt with
        assertEquals(
                200,
                fixture.exchange("GET /after HTTP/1.1\nHost: t\nAuthorization: Bearer thinking\n\n")
                        .status());
        assertFalse(String.join("", fixture.origin.received()).contains("/never"));
    }

    @Test
    void beforeTheFirstByte() throws Exception {
        fixture.origin.on("/thinking", call -> {
            reached.countDown();
            call.awaitClosed();
            cancelled.countDown();
        });
        leaveAfter("GET /thinking", "X: y", "");
    }

    @Test
    void inMidStream() throws Exception {
        fixture.origin.on("/streaming", call -> {
            call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            call.sendChunk("data: 1\n\n");
            reached.countDown();
            call.awaitClosed();
            cancelled.countDown();
        });
        leaveAfter("GET /streaming", "X: y", "data: 1");
    }

    @Test
    void inMidUpload() throws Exception {
        fixture.origin.on("/receiving", call -> {
            call.in().readNBytes(1);
            reached.countDown();
            call.awaitClosed();
            cancelled.countDown();
        });
        leaveAfter("POST /receiving", "Content-Length: 10\n\nx", "");
    }

    @Test
    void withAnotherRequestPipelinedBehind() throws Exception {
        fixture.origin.on("/first", call -> {
            reached.countDown();
            call.awaitClosed();
            cancelled.countDown();
        });
        leaveAfter(
                "GET /first", "X: y\n\nGET /second HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN, "");
        assertFalse(String.join("", fixture.origin.received()).contains("/second"));
    }

    @Test
    void whileItDoesNotRead() throws Exception {
        AtomicLong sent = new AtomicLong();
        fixture.origin.on("/unread", call -> {
            call.send("HTTP/1.1 200 OK\r\n\r\n");
            reached.countDown();
            try {
                while (true) {
                    call.send("x".repeat(65_536));
                    sent.addAndGet(65_536);
                }
            } finally {
                cancelled.countDown();
            }
        });
        try (RawClient client = fixture.client()) {
            client.send(crlf("GET /unread HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n"));
            await(reached);
            StreamingTest.assertStalls(sent);
        }
        await(cancelled);
    }

    private void leaveAfter(String start, String rest, String marker) throws Exception {
        try (RawClient client = fixture.client()) {
            client.send(crlf(start + " HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n" + rest
                    + (rest.contains("\n\nx") ? "" : "\n\n")));
            await(reached);
            if (!marker.isEmpty()) {
                client.readUntil(marker);
            }
            assertEquals(1, cancelled.getCount());
        }
        await(cancelled);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS), "did not happen within 10 s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
