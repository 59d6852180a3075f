package io.sharedinference.tenants;

import com.pulumi.automation.PulumiCommand;
import io.sharedinference.project.StackFiles;
import io.sharedinference.project.Workspace;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.verify.TokenCheck;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A project whose stack files are in a test's directory. */
final class TestProject {

    private TestProject() {}

    static Project in(Path directory, PulumiCommand pulumi) {
        return new Project(
                StackFiles.in(directory),
                new Workspace(Map.of("SHARED_INFERENCE_PROJECT", directory.toString()), directory),
                new Engine(pulumi, directory),
                new TokenCheck(Optional.empty()),
                false);
    }
}
