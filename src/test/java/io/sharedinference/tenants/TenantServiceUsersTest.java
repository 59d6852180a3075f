package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.pulumi.FakePulumi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantServiceUsersTest {

    private static final String TEXT = """
            config:
              # ours
              shared-inference:role: "shared"
              tenants: # all
                - blue # the first

              # asked for by red
              - red
            """.replace("  - red", "    - red").replace("  # asked", "    # asked");

    @TempDir
    Path directory;

    @Test
    void keepsTheLinesOfOtherTenants() throws IOException {
        Path file = Files.writeString(directory.resolve("Pulumi.shared.yaml"), TEXT);
        var users = new TenantServiceUsers(project(), "shared", "green");

        users.addTenant();
        users.addTenant();
        assertEquals(TEXT + "    - green\n", Files.readString(file));
        users.set(List.of("green", "green-2"));
        users.remove("green");
        assertEquals(
                TEXT + "    - green\n  shared-inference:serviceUsers:\n    green:\n      - green-2\n",
                Files.readString(file));
        users.removeTenant();
        users.removeTenant();
        assertEquals(TEXT + "  shared-inference:serviceUsers: {}\n", Files.readString(file));
    }

    @Test
    void removesTheCommentsOfATenant() throws IOException {
        Path file = Files.writeString(directory.resolve("Pulumi.shared.yaml"), TEXT.replace("\n", "\r\n"));

        new TenantServiceUsers(project(), "shared", "red").removeTenant();

        assertEquals(TEXT.substring(0, TEXT.indexOf("    # asked")).replace("\n", "\r\n"), Files.readString(file));
    }

    private Project project() {
        return TestProject.in(directory, FakePulumi.scripted(Map.of()));
    }
}
