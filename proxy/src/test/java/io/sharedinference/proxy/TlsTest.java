package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS to the IAM and to the shared API, with a CA of one's own. */
class TlsTest {
    @TempDir
    private Path directory;

    @Test
    void certificatesOfTheCaFileAreBelievedAndOthersAreNot() throws Exception {
        Path store = directory.resolve("store.p12");
        Path pem = Tls.selfSigned(store, "changeit");
        try (FakeOrigin origin = new FakeOrigin(Tls.serverSocket(store, "changeit"));
                FakeIam iam = FakeIam.secure(Tls.context(store, "changeit")).user(ProxyFixture.TOKEN, "alice");
                ProxyFixture believing = ProxyFixture.start("IAM_URL", iam.url(), "CA_FILE", pem.toString());
                ProxyFixture iamUnbelieved = ProxyFixture.start("IAM_URL", iam.url());
                ProxyFixture apiUnbelieved = ProxyFixture.start()) {
            mount(believing, "https://127.0.0.1:" + origin.port());
            assertEquals(200, believing.get("/x").status());
            RefusalTest.assertRefused(iamUnbelieved.get("/x"), 503, "iam_unreachable");
            mount(apiUnbelieved, "https://127.0.0.1:" + origin.port());
            RefusalTest.assertRefused(apiUnbelieved.get("/x"), 502, "shared_api_unreachable");
            mount(believing, "https://localhost:" + origin.port());
            RefusalTest.assertRefused(believing.get("/x"), 502, "shared_api_unreachable");
        }
    }

    private static void mount(ProxyFixture fixture, String url) throws Exception {
        fixture.mount("v" + System.nanoTime(), url, ProxyFixture.SERVICE_TOKEN);
        ProxyFixture.eventually(() -> fixture.metrics().contains("url=\"" + url + "\""));
    }
}
