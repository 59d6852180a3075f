package io.sharedinference.e2e;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The stand-in plugin's own tests, against the sandbox's API server. */
@ExtendWith(SandboxExtension.class)
class PluginIT {

    @Test
    void goTestsPass(Sandbox sandbox) {
        sandbox.run("./sandbox/plugin/test").succeeded();
    }
}
