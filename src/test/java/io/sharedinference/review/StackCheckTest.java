package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.project.StackFiles;
import io.sharedinference.project.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackCheckTest {

    private static final String TENANT = """
            config:
              shared-inference:role: tenant
              shared-inference:tenant: blue
              shared-inference:sharedStack: shared
              shared-inference:context: here
              shared-inference:chart: oci://registry.example.com/pharia
              shared-inference:domain: blue.example.com
              shared-inference:proxyImageRepository: registry.example.com/proxy
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void writeShared() throws IOException {
        write("shared", """
                config:
                  shared-inference:role: shared
                  shared-inference:context: here
                  shared-inference:chart: oci://registry.example.com/pharia
                  shared-inference:domain: shared.example.com
                  shared-inference:tenants: [blue]
                """);
    }

    @Test
    void acceptsValidFilesWithoutKubeconfig() throws IOException {
        write("blue", TENANT);
        assertEquals(List.of(), subjects("shared"));
        assertEquals(List.of(), subjects("blue"));
    }

    @Test
    void reportsProblemsInStackFileAndValuesFilesTogether() throws IOException {
        Files.writeString(directory.resolve("values.yaml"), "global: {inference: {enabled: true}}");
        write("blue", TENANT.replace("tenant: blue", "tenant: green") + """
                  shared-inference:namespace: pharia-ai-shared
                  shared-inference:typo: 1
                  shared-inference:valuesFiles: [values.yaml]
                """.indent(0));
        assertEquals(
                List.of(
                        "shared-inference:typo",
                        "shared-inference:namespace",
                        "values.yaml: global.inference.enabled",
                        "shared-inference:tenant"),
                subjects("blue"));
    }

    @Test
    void reportsValuesThatDisableComponentsTenantsNeed() throws IOException {
        Files.writeString(directory.resolve("off.yaml"), "pharia-iam: {enabled: false}");
        Files.writeString(
                directory.resolve("Pulumi.shared.yaml"),
                "  shared-inference:valuesFiles: [off.yaml]",
                StandardOpenOption.APPEND);
        assertEquals(List.of("off.yaml: pharia-iam.enabled"), subjects("shared"));
    }

    @Test
    void reportsUnreadableFile() throws IOException {
        write("blue", "config: [");
        assertTrue(subjects("blue").get(0).endsWith("Pulumi.blue.yaml"));
    }

    private List<String> subjects(String stack) {
        var check = new StackCheck(
                StackFiles.in(directory),
                new Workspace(
                        Map.of(
                                "KUBECONFIG",
                                directory.resolve("none").toString(),
                                "SHARED_INFERENCE_PROJECT",
                                directory.toString()),
                        directory));
        return check.problems(stack).stream().map(problem -> problem.subject()).toList();
    }

    private void write(String stack, String content) throws IOException {
        Files.writeString(directory.resolve("Pulumi." + stack + ".yaml"), content);
    }
}
