package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    Path directory;

    @Test
    void rejectsTokensThatCannotBeDecrypted() throws Exception {
        var kept = Files.writeString(directory.resolve("pending-revocations.blue.yaml"), "encryptionsalt: v1:other");
        var refused =
                assertThrows(LifecycleException.class, () -> pending(Map.of()).tokens());
        assertTrue(
                refused.getMessage()
                        .contains("cannot decrypt the tokens to be revoked in pending-revocations.blue.yaml: "),
                refused.getMessage());
        assertTrue(refused.getMessage().contains("incorrect passphrase"), refused.getMessage());
        assertTrue(Files.exists(kept));
    }

    @Test
    void hasNoTokensWithoutFileOrKey() throws Exception {
        assertEquals(List.of(), pending(Map.of()).tokens());
        Files.writeString(directory.resolve("pending-revocations.blue.yaml"), "encryptionsalt: v1:own");
        assertEquals(List.of(), pending(Map.of(command(), "{}")).tokens());
    }

    @Test
    void readsSeveralTokens() throws Exception {
        Files.writeString(directory.resolve("pending-revocations.blue.yaml"), "");
        assertEquals(
                List.of(Token.of("one"), Token.of("two")),
                pending(Map.of(command(), "{\"pending-revocations:tokens\": {\"value\": \"one\\ntwo\"}}"))
                        .tokens());
    }

    @Test
    void readsTheFileUnderItsFormerNameAndDeletesIt() throws Exception {
        var former = Files.writeString(directory.resolve("retiring.blue.yaml"), "");
        var pending = pending(Map.of(command(former), "{\"shared-inference-retiring:tokens\": {\"value\": \"one\"}}"));
        assertEquals(List.of(Token.of("one")), pending.tokens());
        pending.delete();
        assertFalse(Files.exists(former));
    }

    private String command() {
        return command(directory.resolve("pending-revocations.blue.yaml"));
    }

    private static String command(Path file) {
        return "config --json --show-secrets --config-file " + file + " --stack blue";
    }

    private PendingRevocations pending(Map<String, String> outputs) {
        return new PendingRevocations(TestProject.in(directory, FakePulumi.answering(outputs)), "blue");
    }
}
