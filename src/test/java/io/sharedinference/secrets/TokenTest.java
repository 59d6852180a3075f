package io.sharedinference.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TokenTest {

    @Test
    void doesNotShowItself() {
        assertFalse(Token.of("hush-hush").toString().contains("hush-hush"));
    }

    @Test
    void equalsTheSameTokenOnly() {
        assertEquals(Token.of("one"), Token.of("one"));
        assertEquals(Token.of("one").hashCode(), Token.of("one").hashCode());
        assertNotEquals(Token.of("one"), Token.of("two"));
    }

    @Test
    void hasTheBeginningOfItsHashAsFingerprint() {
        assertEquals("ba7816bf8f01cfea", Token.of("abc").fingerprint());
    }

    @Test
    void isNeverBlank() {
        assertThrows(IllegalArgumentException.class, () -> Token.of(" \n"));
    }

    @Test
    void isWrittenAsKubernetesStoresIt() {
        assertEquals("YWJj", Token.of("abc").base64());
    }
}
