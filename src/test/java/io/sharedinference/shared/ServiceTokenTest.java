package io.sharedinference.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.release.DeployException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTokenTest {

    @Test
    void isDecoded() {
        assertEquals("hush-hush", ServiceToken.decode(Map.of("token", "aHVzaC1odXNo"), "ns/name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "IA==", "Cg=="})
    void thatIsBlankIsAnErrorThatSaysWhatToDo(String data) {
        var message = assertThrows(DeployException.class, () -> ServiceToken.decode(Map.of("token", data), "ns/name"))
                .getMessage();
        assertTrue(message.contains("ns/name") && message.contains("pulumi up"), message);
    }

    @Test
    void thatIsMissingIsAnError() {
        assertThrows(DeployException.class, () -> ServiceToken.decode(Map.of("other", "eA=="), "ns/name"));
        assertThrows(DeployException.class, () -> ServiceToken.decode(null, "ns/name"));
    }

    @Test
    void thatIsNoBase64IsNotQuoted() {
        var error = assertThrows(
                DeployException.class, () -> ServiceToken.decode(Map.of("token", "hush-hush!"), "ns/name"));
        assertFalse(error.getMessage().contains("hush"));
        assertEquals(null, error.getCause());
    }
}
