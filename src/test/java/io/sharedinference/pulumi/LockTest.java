package io.sharedinference.pulumi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LockTest {

    private static final String MESSAGE = """
            error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock \
            file with `pulumi cancel`.   file:///b/.pulumi/locks/x.json: created by root@%s (pid %d) at 2026-01-02T03:04:05Z""";

    @Test
    void parsesTheHolderOfALock() {
        Lock lock = Lock.in(MESSAGE.formatted("far-away", 4711)).orElseThrow();
        assertEquals(new Lock("created by root@far-away (pid 4711)", "far-away", 4711), lock);
        assertFalse(lock.isLocal());
    }

    @Test
    void ignoresOtherErrors() {
        assertEquals(Optional.empty(), Lock.in("error: incorrect passphrase"));
    }

    @Test
    void isStaleWhenItsProcessHasExited() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        Lock lock = Lock.in(MESSAGE.formatted(InetAddress.getLocalHost().getHostName(), process.pid()))
                .orElseThrow();
        assertTrue(lock.isLocal());
        assertTrue(lock.isStale());
    }

    @Test
    void isStaleWhenAnotherProgramHasItsProcessId() {
        assertTrue(new Lock("", "", ProcessHandle.current().pid()).isStale());
    }
}
