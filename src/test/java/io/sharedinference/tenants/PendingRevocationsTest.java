package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.pulumi.FakePulumi;
import io.sharedinference.secrets.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingRevocationsTest {

    @TempDir
    Path folder;

    @Test
    void rejectsTokensThatCannotBeDecrypted() throws Exception {
        var kept = Files.writeString(folder.resolve("retiring.blue.yaml"), "encryptionsalt: v1:other");
        var refused =
                assertThrows(LifecycleException.class, () -> pending(Map.of()).tokens());
        assertTrue(refused.getMessage().contains("retiring.blue.yaml cannot be decrypted: "), refused.getMessage());
        assertTrue(refused.getMessage().contains("incorrect passphrase"), refused.getMessage());
        assertTrue(Files.exists(kept));
    }

    @Test
    void hasNoTokensWithoutFileOrKey() throws Exception {
        assertEquals(List.of(), pending(Map.of()).tokens());
        Files.writeString(folder.resolve("retiring.blue.yaml"), "encryptionsalt: v1:own");
        assertEquals(List.of(), pending(Map.of(command(), "{}")).tokens());
    }

    @Test
    void readsSeveralTokens() throws Exception {
        Files.writeString(folder.resolve("retiring.blue.yaml"), "");
        assertEquals(
                List.of(Token.of("one"), Token.of("two")),
                pending(Map.of(command(), "{\"shared-inference-retiring:tokens\": {\"value\": \"one\\ntwo\"}}"))
                        .tokens());
    }

    private String command() {
        return "config --json --show-secrets --config-file " + folder.resolve("retiring.blue.yaml") + " --stack blue";
    }

    private PendingRevocations pending(Map<String, String> answers) {
        return new PendingRevocations(TestProject.in(folder, FakePulumi.answering(answers)), "blue");
    }
}
