package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code proxyImage: chart}: the chart's own proxy is unchanged, and reads its token only when it starts. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChartProxyIT {

    private Sandbox sandbox;
    private LifecycleFixture fixture;

    @BeforeAll
    void begin(Sandbox running, @TempDir Path directory) {
        sandbox = running;
        var chart = ThirdPartyChart.withItsOwnProxy(directory.resolve("chart"));
        var images = chart.standInImageValues(running, directory.resolve("proxy-image.yaml"));
        fixture = new LifecycleFixture(running, directory, "own", 32580, false);
        fixture.begin(Map.of(
                "chart",
                chart.directory().toString(),
                "proxyImage",
                "chart",
                "valuesFiles",
                List.of("sandbox/values/tenant1.yaml", sandbox.project() + "/stand-ins.yaml", images.toString())));
    }

    @AfterAll
    void end() {
        fixture.end();
    }

    @Test
    @Order(1)
    void addsATenantWithTheChartsImage() {
        fixture.tenant(fixture.addition()).succeeded();
        assertEquals(
                200, fixture.proxy().get("/model-settings", fixture.userToken()).statusCode());
        assertTrue(image().contains("/sandbox/stand-ins:"), image());
        assertEquals(
                "chart",
                fixture.project()
                        .pulumi("stack", "output", "proxyImage", "--stack", LifecycleFixture.TENANT)
                        .succeeded()
                        .strip());
        fixture.project().previewWithoutChanges(LifecycleFixture.TENANT).succeeded();
    }

    @Test
    @Order(2)
    void theTenantIsVerifiedAndListed() {
        assertTrue(fixture.tenantAsUser("verify").succeeded().contains("blue is verified"));
        var listed = fixture.tenantAsUser("list", "--no-drift").succeeded();
        assertTrue(listed.lines().anyMatch(line -> line.contains("blue") && line.contains("ok")), listed);
    }

    @Test
    @Order(3)
    void aRotationRestartsTheProxyAndFailsNoRequest() throws Exception {
        String old = fixture.token();
        var load = Load.of(fixture.proxy(), fixture.userToken(), 2);
        Outcome rotated;
        try {
            rotated = fixture.tenantAsUser("rotate", "--yes");
        } finally {
            load.stop();
        }
        assertTrue(rotated.succeeded().contains("send a request through the proxy"), rotated.output());
        assertEquals(List.of(), load.failures());
        assertTrue(load.responses() > 100, "only " + load.responses() + " requests");
        assertNotEquals(old, fixture.token());
        assertEquals(401, fixture.shared().get("/model-settings", old).statusCode());
        assertTrue(fixture.tenantAsUser("verify").succeeded().contains("blue is verified"));
        fixture.project().previewWithoutChanges(LifecycleFixture.TENANT).succeeded();
    }

    /** After a plain up, the pods still use the token that they read when they started. */
    @Test
    @Order(4)
    void podsStartedBeforeTheirSecretChangedAreReported() {
        sandbox.kubectl(
                "-n " + fixture.namespace() + " annotate secret inference-api-proxy-secret example.com/touched=now");
        assertTrue(fixture.tenantAsUser("verify").output().contains("2 of 2 proxies were started before the Secret"));
        sandbox.kubectl("-n " + fixture.namespace() + " rollout restart deployment inference-api-proxy");
        sandbox.kubectl("-n " + fixture.namespace() + " rollout status deployment inference-api-proxy");
        assertTrue(fixture.tenantAsUser("verify").succeeded().contains("started after it changed"));
    }

    @Test
    @Order(5)
    void anExistingInstallationIsAdoptedWithItsProxy() {
        var deployment = deployment();
        fixture.project()
                .pulumi("stack", "rm", "--force", "--preserve-config", "--yes", LifecycleFixture.TENANT)
                .succeeded();
        fixture.tenant(fixture.adoption()).succeeded();
        fixture.project().up(LifecycleFixture.TENANT).succeeded();
        assertEquals(deployment, deployment());
    }

    /** Its UID and generation: any change of the specification increments the generation. */
    private String deployment() {
        return sandbox.kubectl("-n " + fixture.namespace()
                + " get deployment inference-api-proxy -o jsonpath={.metadata.uid}/{.metadata.generation}");
    }

    private String image() {
        return sandbox.kubectl("-n " + fixture.namespace()
                + " get deployment inference-api-proxy -o jsonpath={.spec.template.spec.containers[0].image}");
    }
}
