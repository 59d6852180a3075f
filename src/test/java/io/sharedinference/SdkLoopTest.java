package io.sharedinference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.deployment.internal.DeploymentImpl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class SdkLoopTest {

    /** Checks the compiled class, because a run without an engine does not reach the loop. */
    @Test
    void theSdkLogsEachRound() throws IOException {
        try (var compiled = DeploymentImpl.class.getResourceAsStream("DeploymentImpl$DefaultRunner.class")) {
            assertTrue(new String(compiled.readAllBytes(), StandardCharsets.ISO_8859_1).contains(SdkLoop.ROUND));
        }
        assertEquals(DeploymentImpl.class.getName(), SdkLoop.LOG.getName());
    }

    @Test
    void eachRoundIsFollowedByAPause() {
        SdkLoop.slowDown();
        LockSupport.parkNanos(1); // consumes a permit that an earlier test may have left, which would end the pause
        var before = System.nanoTime();
        SdkLoop.LOG.log(Level.FINEST, SdkLoop.ROUND + " [1]");
        assertTrue(System.nanoTime() - before >= SdkLoop.PAUSE_NANOS);
    }
}
