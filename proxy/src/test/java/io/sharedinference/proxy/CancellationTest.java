package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The request to the shared API is cancelled when its client disconnects. */
@ExtendWith(SharedProxy.class)
class CancellationTest {
    private final ProxyFixture fixture;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);

    CancellationTest(ProxyFixture fixture) {
        this.fixture = fixture;
    }

    @Test
    void disconnectingWhileReadingIsPaused() throws Exception {
        try (ProxyFixture small = ProxyFixture.start("MAX_HEAD", "1024");
                RawClient client = small.client()) {
            small.origin.on("/x", this::awaitCancellation);
            client.send(crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n"));
            await(reached);
            // more than the proxy buffers for the next request, so that it does not read the end of the connection
            client.send("x".repeat(40_000));
            client.socket().close();
            assertTrue(cancelled.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void nothingIsForwardedWhileTheIamDecides() throws Exception {
        CountDownLatch decide = new CountDownLatch(1);
        fixture.iam.on("thinking", new FakeIam.CheckUserResponse(200, "{\"sub\":\"s\",\"permissions\":[]}", () -> {
            reached.countDown();
            await(decide);
        }));
        try (RawClient client = fixture.client()) {
            client.send(crlf("GET /never HTTP/1.1\nHost: t\nAuthorization: Bearer thinking\n\n"));
            await(reached);
        }
        ProxyFixture.eventually(() -> fixture.logged().contains("\"path\":\"/never\",\"status\":499"));
        decide.countDown();
        // the next request of the same user shows that the decision has been processed
        assertEquals(
                200,
                fixture.exchange("GET /after HTTP/1.1\nHost: t\nAuthorization: Bearer thinking\n\n")
                        .status());
        assertFalse(String.join("", fixture.origin.received()).contains("/never"));
    }

    @Test
    void disconnectingBeforeTheFirstByte() throws Exception {
        fixture.origin.on("/thinking", this::awaitCancellation);
        disconnectAfter("GET /thinking", "X: y", "");
    }

    @Test
    void disconnectingDuringAStream() throws Exception {
        fixture.origin.on("/streaming", call -> {
            call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            call.sendChunk("data: 1\n\n");
            awaitCancellation(call);
        });
        disconnectAfter("GET /streaming", "X: y", "data: 1");
    }

    @Test
    void disconnectingDuringAnUpload() throws Exception {
        fixture.origin.on("/receiving", call -> {
            call.in().readNBytes(1);
            awaitCancellation(call);
        });
        disconnectAfter("POST /receiving", "Content-Length: 10\n\nx", "");
    }

    @Test
    void disconnectingWithAPipelinedRequest() throws Exception {
        fixture.origin.on("/first", this::awaitCancellation);
        disconnectAfter(
                "GET /first", "X: y\n\nGET /second HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN, "");
        assertFalse(String.join("", fixture.origin.received()).contains("/second"));
    }

    @Test
    void disconnectingWithoutReading() throws Exception {
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

    private void awaitCancellation(FakeOrigin.Call call) throws IOException {
        reached.countDown();
        call.awaitClosed();
        cancelled.countDown();
    }

    private void disconnectAfter(String start, String rest, String marker) throws Exception {
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
            assertTrue(latch.await(10, TimeUnit.SECONDS), "not reached within 10 s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
